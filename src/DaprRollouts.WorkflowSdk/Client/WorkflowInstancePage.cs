namespace Dapr.Workflow.Client;

/// <summary>Some of the instance ids, and where the next ones begin.</summary>
public sealed record WorkflowInstancePage(IReadOnlyList<string> InstanceIds, string? ContinuationToken);
