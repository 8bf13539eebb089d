using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow;

/// <summary>The parent of every activity class: the code that touches the world. It may run more than once.</summary>
public abstract class WorkflowActivity<TInput, TOutput> : IWorkflowActivity
{
    Type IWorkflowActivity.InputType => typeof(TInput);

    Type IWorkflowActivity.OutputType => typeof(TOutput);

    public async Task<object?> RunAsync(WorkflowActivityContext context, object? input) =>
        // Without input there is null, which fails where the input is a plain value: the official package does the same.
        await RunAsync(context, (TInput)input!);

    public abstract Task<TOutput> RunAsync(WorkflowActivityContext context, TInput input);
}
