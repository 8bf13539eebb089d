namespace Dapr.Workflow;

/// <summary>The part of a workflow's context that retries and other generic code need.</summary>
public interface IWorkflowContext
{
    bool IsReplaying { get; }

    bool IsPatched(string patchName);

    DateTime CurrentUtcDateTime { get; }
}
