namespace Dapr.Workflow;

#pragma warning disable CA1032 // The constructors of the official package and no others.

/// <summary>An activity or child workflow has failed, after all its retries.</summary>
public class WorkflowTaskFailedException : Exception
{
    public WorkflowTaskFailedException(string message, WorkflowTaskFailureDetails failureDetails)
        : base(message) => FailureDetails = failureDetails;

    public WorkflowTaskFailureDetails FailureDetails { get; }
}
