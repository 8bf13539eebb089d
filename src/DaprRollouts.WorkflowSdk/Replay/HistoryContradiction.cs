using DaprRollouts.Protocol;
using ActionKind = DaprRollouts.Protocol.WorkflowAction.WorkflowActionTypeOneofCase;
using EventKind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Replay;

#pragma warning disable CA1032 // Made in one place only, with all that there is to say.
#pragma warning disable CA1064 // Never leaves the replay.

/// <summary>The workflow's code does not do what its history says it did.</summary>
internal sealed class HistoryContradiction(HistoryEvent recorded, DurableCall? call, DurableCall? lastCall)
    : Exception(Describe(recorded, call, lastCall))
{
    private static string Describe(HistoryEvent recorded, DurableCall? call, DurableCall? lastCall)
    {
        var code = call is null
            ? "the code has no such call" + (lastCall is null ? "" : $" (its last is {Of(lastCall)})")
            : $"the code has {Of(call)}";
        var place = (call ?? lastCall)?.Place is { } known ? $", {(call is null ? "last seen" : "made")} at {known}" : "";
        return $"The workflow does not follow its history: the history has {Of(recorded)}, {code}{place}. "
            + "Changed workflow code must branch on IsPatched, or run under a new name.";
    }

    private static string Of(DurableCall call) => $"#{call.Action.Id} " + call.Action.WorkflowActionTypeCase switch
    {
        ActionKind.ScheduleTask => $"a call of activity '{call.Action.ScheduleTask.Name}'",
        ActionKind.CreateChildWorkflow => $"a call of child workflow '{call.Action.CreateChildWorkflow.Name}'",
        ActionKind.CreateTimer when call.Action.CreateTimer.ExternalEvent is { } wait => $"a wait for event '{wait.Name}'",
        ActionKind.CreateTimer => "a timer",
        ActionKind.SendEvent => $"a sending of event '{call.Action.SendEvent.Name}'",
        var other => other.ToString(),
    };

    private static string Of(HistoryEvent recorded) => recorded.EventTypeCase switch
    {
        EventKind.TaskScheduled => $"#{recorded.EventId} a call of activity '{recorded.TaskScheduled.Name}'",
        EventKind.ChildWorkflowInstanceCreated =>
            $"#{recorded.EventId} a call of child workflow '{recorded.ChildWorkflowInstanceCreated.Name}'",
        EventKind.TimerCreated when recorded.TimerCreated.ExternalEvent is { } wait =>
            $"#{recorded.EventId} a wait for event '{wait.Name}'",
        EventKind.TimerCreated => $"#{recorded.EventId} a timer",
        EventKind.EventSent => $"#{recorded.EventId} a sending of event '{recorded.EventSent.Name}'",
        EventKind.TaskCompleted => $"#{recorded.TaskCompleted.TaskScheduledId} the result of an activity",
        EventKind.TaskFailed => $"#{recorded.TaskFailed.TaskScheduledId} the failure of an activity",
        EventKind.TimerFired => $"#{recorded.TimerFired.TimerId} the firing of a timer",
        EventKind.ChildWorkflowInstanceCompleted =>
            $"#{recorded.ChildWorkflowInstanceCompleted.TaskScheduledId} the result of a child workflow",
        EventKind.ChildWorkflowInstanceFailed =>
            $"#{recorded.ChildWorkflowInstanceFailed.TaskScheduledId} the failure of a child workflow",
        var other => other.ToString(),
    };
}
