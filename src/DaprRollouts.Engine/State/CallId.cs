using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>What a workflow can wait for an answer to.</summary>
internal enum CallKind
{
    Task,
    Timer,
    Child,
}

/// <summary>Identifies a call of one execution: the number that its action had.</summary>
internal readonly record struct CallId(CallKind Kind, int Number)
{
    public static CallId Task(int number) => new(CallKind.Task, number);

    /// <summary>The call that an event records; null if it records none.</summary>
    public static CallId? MadeBy(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => new(CallKind.Task, e.EventId),
        HistoryEvent.EventTypeOneofCase.TimerCreated => new(CallKind.Timer, e.EventId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated => new(CallKind.Child, e.EventId),
        _ => null,
    };

    /// <summary>The call that an event answers; null if it answers none.</summary>
    public static CallId? AnsweredBy(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskCompleted => new(CallKind.Task, e.TaskCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TaskFailed => new(CallKind.Task, e.TaskFailed.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TimerFired => new(CallKind.Timer, e.TimerFired.TimerId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted =>
            new(CallKind.Child, e.ChildWorkflowInstanceCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceFailed => new(CallKind.Child, e.ChildWorkflowInstanceFailed.TaskScheduledId),
        _ => null,
    };
}
