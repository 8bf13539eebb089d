using DaprRollouts.Protocol;
using ActionKind = DaprRollouts.Protocol.WorkflowAction.WorkflowActionTypeOneofCase;
using EventKind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>One numbered call of workflow code: what it asks for, and what becomes of it.</summary>
internal sealed class DurableCall(WorkflowAction action, Action<HistoryEvent>? resolve, string? place)
{
    public WorkflowAction Action { get; } = action;

    /// <summary>Where in the workflow the call was made; known only while a contradiction is being explained.</summary>
    public string? Place { get; } = place;

    /// <summary>The history holds the event that was born from this call.</summary>
    public bool IsRecorded { get; set; }

    public bool IsResolved { get; private set; }

    /// <summary>The workflow no longer waits for the outcome, which may still come.</summary>
    public bool IsGivenUp { get; set; }

    public bool IsOpen => resolve is not null && !IsResolved && !IsGivenUp;

    /// <summary>A timer that never fires; it only shows what is awaited, and older histories lack it.</summary>
    public bool IsMarker => Action.CreateTimer is { } timer && timer.FireAt.Equals(TimerMarks.Never);

    public void Resolve(HistoryEvent outcome)
    {
        if (!IsResolved)
        {
            IsResolved = true;
            resolve?.Invoke(outcome);
        }
    }

    public bool IsAnsweredBy(HistoryEvent created) => (Action.WorkflowActionTypeCase, created.EventTypeCase) switch
    {
        (ActionKind.ScheduleTask, EventKind.TaskScheduled) => SameName(Action.ScheduleTask.Name, created.TaskScheduled.Name),
        (ActionKind.CreateTimer, EventKind.TimerCreated) => true,
        (ActionKind.CreateChildWorkflow, EventKind.ChildWorkflowInstanceCreated) =>
            SameName(Action.CreateChildWorkflow.Name, created.ChildWorkflowInstanceCreated.Name),
        (ActionKind.SendEvent, EventKind.EventSent) => SameName(Action.SendEvent.Name, created.EventSent.Name),
        _ => false,
    };

    public bool CanEndAs(EventKind outcome) => Action.WorkflowActionTypeCase switch
    {
        ActionKind.ScheduleTask => outcome is EventKind.TaskCompleted or EventKind.TaskFailed,
        ActionKind.CreateTimer => outcome is EventKind.TimerFired,
        ActionKind.CreateChildWorkflow =>
            outcome is EventKind.ChildWorkflowInstanceCompleted or EventKind.ChildWorkflowInstanceFailed,
        _ => false,
    };

    private static bool SameName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
