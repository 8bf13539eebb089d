namespace Dapr.Workflow;

/// <summary>A workflow as the worker sees it: untyped.</summary>
public interface IWorkflow
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(WorkflowContext context, object? input);
}
