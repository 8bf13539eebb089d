namespace Dapr.Workflow.Abstractions;

/// <summary>An activity as the worker sees it: untyped.</summary>
public interface IWorkflowActivity
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(WorkflowActivityContext context, object? input);
}
