using DaprRollouts.Protocol;
using Kind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Client;

/// <summary>Maps history events of the protocol to what the client shows of them.</summary>
internal static class HistoryEventTypes
{
    public static WorkflowHistoryEvent Describe(HistoryEvent happened) =>
        new(happened.EventId, Of(happened.EventTypeCase), happened.Timestamp?.ToDateTime() ?? default);

    private static WorkflowHistoryEventType Of(Kind kind) => kind switch
    {
        Kind.ExecutionStarted => WorkflowHistoryEventType.ExecutionStarted,
        Kind.ExecutionCompleted => WorkflowHistoryEventType.ExecutionCompleted,
        Kind.ExecutionTerminated => WorkflowHistoryEventType.ExecutionTerminated,
        Kind.TaskScheduled => WorkflowHistoryEventType.TaskScheduled,
        Kind.TaskCompleted => WorkflowHistoryEventType.TaskCompleted,
        Kind.TaskFailed => WorkflowHistoryEventType.TaskFailed,
        Kind.ChildWorkflowInstanceCreated or Kind.DetachedWorkflowInstanceCreated =>
            WorkflowHistoryEventType.SubOrchestrationInstanceCreated,
        Kind.ChildWorkflowInstanceCompleted => WorkflowHistoryEventType.SubOrchestrationInstanceCompleted,
        Kind.ChildWorkflowInstanceFailed => WorkflowHistoryEventType.SubOrchestrationInstanceFailed,
        Kind.TimerCreated => WorkflowHistoryEventType.TimerCreated,
        Kind.TimerFired => WorkflowHistoryEventType.TimerFired,
        Kind.WorkflowStarted => WorkflowHistoryEventType.OrchestratorStarted,
        Kind.WorkflowCompleted => WorkflowHistoryEventType.OrchestratorCompleted,
        Kind.EventSent => WorkflowHistoryEventType.EventSent,
        Kind.EventRaised => WorkflowHistoryEventType.EventRaised,
        Kind.ContinueAsNew => WorkflowHistoryEventType.ContinueAsNew,
        Kind.ExecutionSuspended => WorkflowHistoryEventType.ExecutionSuspended,
        Kind.ExecutionResumed => WorkflowHistoryEventType.ExecutionResumed,
        Kind.ExecutionStalled => WorkflowHistoryEventType.ExecutionStalled,
        _ => WorkflowHistoryEventType.Unknown,
    };
}
