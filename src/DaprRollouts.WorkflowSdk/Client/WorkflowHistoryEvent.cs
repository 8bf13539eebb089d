namespace Dapr.Workflow.Client;

/// <summary>What happened when, without payload.</summary>
public sealed record WorkflowHistoryEvent(int EventId, WorkflowHistoryEventType EventType, DateTime Timestamp);
