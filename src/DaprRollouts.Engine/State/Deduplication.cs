using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>Drops what has come twice, or comes for something that this generation of an instance never asked for.</summary>
internal static class Deduplication
{
    private enum Kind
    {
        Task,
        Timer,
        Child,
        Start,
    }

    /// <summary>The events that tell something new.</summary>
    public static IEnumerable<HistoryEvent> Fresh(Instance instance, IEnumerable<InboxEntry> entries)
    {
        var resolved = instance.History.Select(Resolution).OfType<(Kind, int)>().ToHashSet();
        var asked = instance.History.Select(Question).OfType<(Kind, int)>().ToHashSet();
        foreach (var (_, value) in entries)
        {
            if (Resolution(value) is not { } answer)
            {
                yield return value;
            }
            else if ((answer.Kind == Kind.Start || asked.Contains(answer)) && resolved.Add(answer))
            {
                yield return value;
            }
        }
    }

    private static (Kind Kind, int Id)? Resolution(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.ExecutionStarted => (Kind.Start, 0),
        HistoryEvent.EventTypeOneofCase.TaskCompleted => (Kind.Task, e.TaskCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TaskFailed => (Kind.Task, e.TaskFailed.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TimerFired => (Kind.Timer, e.TimerFired.TimerId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted => (Kind.Child, e.ChildWorkflowInstanceCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceFailed => (Kind.Child, e.ChildWorkflowInstanceFailed.TaskScheduledId),
        _ => null,
    };

    private static (Kind Kind, int Id)? Question(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => (Kind.Task, e.EventId),
        HistoryEvent.EventTypeOneofCase.TimerCreated => (Kind.Timer, e.EventId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated => (Kind.Child, e.EventId),
        _ => null,
    };
}
