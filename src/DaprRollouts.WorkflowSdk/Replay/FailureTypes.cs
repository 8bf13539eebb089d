namespace Dapr.Workflow.Replay;

/// <summary>Error types of failures that no exception of workflow code stands behind.</summary>
internal static class FailureTypes
{
    public const string WorkflowNotFound = "WorkflowNotFound";
    public const string WorkflowNameMissing = "WorkflowNameMissing";
    public const string ActivityNotFound = "ActivityNotFoundException";
    public const string NonDeterministicWorkflow = "NonDeterministicWorkflow";
    public const string NonDurableAwait = "NonDurableAwait";

    public const string NonDurableAwaitMessage =
        "The workflow awaits something that is not in its history, such as Task.Delay, Task.Run, I/O or a lock. "
        + "A workflow may only await what its context returns; everything else belongs into an activity.";
}
