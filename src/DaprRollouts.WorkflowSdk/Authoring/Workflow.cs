namespace Dapr.Workflow;

/// <summary>The parent of every workflow class: deterministic code that is replayed from its history.</summary>
public abstract class Workflow<TInput, TOutput> : IWorkflow
{
    Type IWorkflow.InputType => typeof(TInput);

    Type IWorkflow.OutputType => typeof(TOutput);

    async Task<object?> IWorkflow.RunAsync(WorkflowContext context, object? input) =>
        // Without input there is null, which fails where the input is a plain value: the official package does the same.
        await RunAsync(context, (TInput)input!);

    public abstract Task<TOutput> RunAsync(WorkflowContext context, TInput input);
}
