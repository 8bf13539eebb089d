namespace Dapr.Workflow.Client;

/// <summary>How a rerun differs from the run that it repeats.</summary>
public sealed class RerunWorkflowFromEventOptions
{
    public string? NewInstanceId { get; set; }

    /// <summary>Used only where <see cref="OverwriteInput"/> is set.</summary>
    public object? Input { get; set; }

    public bool OverwriteInput { get; set; }
}
