using Dapr.Workflow;

namespace DaprRollouts.Tests.WorkflowSdk.Histories;

/// <summary>
/// The workflows whose histories were recorded. Their code may be changed only so that it still follows what was
/// recorded: that is what the recordings are for.
/// </summary>
public static class RecordedWorkflows
{
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string, string>("Order", OrderAsync);
        options.RegisterWorkflow<int, int>("FanOut", FanOutAsync);
        options.RegisterWorkflow<string, string>("Approval", ApprovalAsync);
        options.RegisterWorkflow<int, string>("Family", FamilyAsync);
        options.RegisterWorkflow<int, int>("Kid", (_, n) => n < 0 ? throw new ArgumentException("negative") : Task.FromResult(n * 2));
        options.RegisterWorkflow<string, string>("Patched", PatchedAsync);
        options.RegisterActivity<string, string>("Reserve", (_, item) => Task.FromResult($"{item} reserved"));
        options.RegisterActivity<string, string>("Charge", (c, item) =>
            c.TaskExecutionKey.Length == 0 ? throw new InvalidOperationException() : Task.FromResult($"{item}, charged"));
        options.RegisterActivity<int, int>("Square", (_, n) => Task.FromResult(n * n));
        options.RegisterActivity<string, string>("Refuse", (_, _) => throw new TimeoutException("no answer"));
    }

    private static async Task<string> OrderAsync(WorkflowContext context, string item)
    {
        context.SetCustomStatus("reserving");
        var reserved = await context.CallActivityAsync<string>("Reserve", item);
        context.SetCustomStatus("charging");
        await context.CreateTimer(TimeSpan.FromMilliseconds(20));
        return await context.CallActivityAsync<string>("Charge", reserved);
    }

    private static async Task<int> FanOutAsync(WorkflowContext context, int count)
    {
        var squares = await context.ProcessInParallelAsync(Enumerable.Range(1, count), n => context.CallActivityAsync<int>("Square", n), 3);
        return squares.Sum();
    }

    private static async Task<string> ApprovalAsync(WorkflowContext context, string subject)
    {
        var policy = new WorkflowTaskOptions(new WorkflowRetryPolicy(2, TimeSpan.FromMilliseconds(10)));
        var refusal = "";
        try
        {
            await context.CallActivityAsync<string>("Refuse", subject, policy);
        }
        catch (WorkflowTaskFailedException refused)
        {
            refusal = refused.FailureDetails.ErrorMessage;
        }

        var first = await context.WaitForExternalEventAsync<string>("approve", Timeout.InfiniteTimeSpan);
        var second = await context.WaitForExternalEventAsync<string>("approve", TimeSpan.FromDays(1));
        return $"{subject}: {refusal}, {first}, {second}, {context.NewGuid()}";
    }

    private static async Task<string> FamilyAsync(WorkflowContext context, int n)
    {
        var good = await context.CallChildWorkflowAsync<int>("Kid", n, new ChildWorkflowTaskOptions($"{context.InstanceId}-kid"));
        try
        {
            return $"{await context.CallChildWorkflowAsync<int>("Kid", -n)}";
        }
        catch (WorkflowTaskFailedException failed)
        {
            return $"{good} {failed.FailureDetails.ErrorType}";
        }
    }

    private static async Task<string> PatchedAsync(WorkflowContext context, string item)
    {
        var early = context.IsPatched("early");
        var reserved = await context.CallActivityAsync<string>("Reserve", item);
        var late = context.IsPatched("late") && context.IsPatched("early");
        return $"{reserved} {early} {late}";
    }
}
