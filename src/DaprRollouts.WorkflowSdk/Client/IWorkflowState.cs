namespace Dapr.Workflow;

/// <summary>What can be read of an instance.</summary>
public interface IWorkflowState
{
    string? WorkflowName { get; }

    bool Exists { get; }

    bool IsWorkflowRunning { get; }

    bool IsWorkflowCompleted { get; }

    DateTimeOffset CreatedAt { get; }

    DateTimeOffset LastUpdatedAt { get; }

    WorkflowRuntimeStatus RuntimeStatus { get; }

    WorkflowTaskFailureDetails? FailureDetails { get; }

    T? ReadInputAs<T>();

    T? ReadOutputAs<T>();

    T? ReadCustomStatusAs<T>();
}
