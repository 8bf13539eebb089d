using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow;

/// <summary>The parent of every activity class: the code that touches the world. It may run more than once.</summary>
public abstract class WorkflowActivity<TInput, TOutput> : IWorkflowActivity
{
    Type IWorkflowActivity.InputType => typeof(TInput);

    Type IWorkflowActivity.OutputType => typeof(TOutput);

    public async Task<object?> RunAsync(WorkflowActivityContext context, object? input) =>
        await RunAsync(context, input is null ? default! : (TInput)input);

    public abstract Task<TOutput> RunAsync(WorkflowActivityContext context, TInput input);
}
