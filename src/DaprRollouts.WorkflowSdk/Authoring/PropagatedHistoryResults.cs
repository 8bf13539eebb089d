namespace Dapr.Workflow;

/// <summary>How far a call in a propagated history has come.</summary>
public enum PropagatedHistoryStatus
{
    Pending,
    Completed,
    Failed,
}

/// <summary>One activity call in a propagated history; input and output are JSON text.</summary>
public sealed record PropagatedHistoryActivityResult(
    string Name, PropagatedHistoryStatus Status, string? Input, string? Output, WorkflowTaskFailureDetails? FailureDetails);

/// <summary>One child workflow in a propagated history; its output is JSON text.</summary>
public sealed record PropagatedHistoryWorkflowResult(
    string Name, PropagatedHistoryStatus Status, string? Output, WorkflowTaskFailureDetails? FailureDetails);
