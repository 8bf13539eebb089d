using Dapr.Workflow;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>Runs a program in whatever context it is given. The result tells everything that the program has seen.</summary>
internal static class StepCode
{
    public static async Task<string> RunAsync(WorkflowContext context, Step program, int generation, int generations)
    {
        var seen = await RunAsync(context, program);
        if (generation + 1 < generations)
        {
            context.ContinueAsNew(generation + 1);
        }

        return $"{generation}: {seen}";
    }

    private static async Task<string> RunAsync(WorkflowContext context, Step step)
    {
        switch (step)
        {
            case Step.Call call:
                return await Attempt(() => context.CallActivityAsync<string>(call.Activity));
            case Step.Persist persist:
                var policy = new WorkflowRetryPolicy(persist.Attempts, TimeSpan.FromSeconds(1));
                return await Attempt(() => context.CallActivityAsync<string>("persist", null, new WorkflowTaskOptions(policy)));
            case Step.Child child:
                return await Attempt(() => context.CallChildWorkflowAsync<string>(child.Workflow));
            case Step.Pause:
                await context.CreateTimer(TimeSpan.FromSeconds(1));
                return "paused";
            case Step.Await wait:
                return await context.WaitForExternalEventAsync<string>(wait.Event);
            case Step.AwaitFor wait:
                return await Attempt(() => context.WaitForExternalEventAsync<string>(wait.Event, TimeSpan.FromSeconds(1)));
            case Step.AwaitForever wait:
                return await context.WaitForExternalEventAsync<string>(wait.Event, Timeout.InfiniteTimeSpan);
            case Step.Note note:
                context.SetCustomStatus(note.Text);
                return "noted";
            case Step.Identity:
                return context.NewGuid().ToString();
            case Step.Sequence sequence:
                return await InTurn(context, sequence.Steps);
            case Step.All all:
                return $"[{string.Join(' ', await Task.WhenAll(all.Steps.Select(s => RunAsync(context, s)).ToArray()))}]";
            case Step.First first:
                return await await Task.WhenAny(first.Steps.Select(s => RunAsync(context, s)).ToArray());
            default:
                throw new InvalidOperationException($"No code for {step}.");
        }
    }

    private static async Task<string> InTurn(WorkflowContext context, Step[] steps)
    {
        List<string> seen = [];
        foreach (var step in steps)
        {
            seen.Add(await RunAsync(context, step));
        }

        return $"({string.Join(' ', seen)})";
    }

    private static async Task<string> Attempt(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowTaskFailedException failed)
        {
            return failed.Message;
        }
        catch (TaskCanceledException)
        {
            return "late";
        }
    }
}
