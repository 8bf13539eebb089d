namespace Dapr.Workflow.Client;

/// <summary>Under which id, and when, an instance starts.</summary>
public sealed class StartWorkflowOptions
{
    public string? InstanceId { get; set; }

    public DateTimeOffset? StartAt { get; set; }
}
