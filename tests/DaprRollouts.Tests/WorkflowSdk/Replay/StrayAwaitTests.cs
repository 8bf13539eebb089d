using Dapr.Workflow;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>A workflow that awaits something outside of its history would hang for ever without a word.</summary>
public sealed class StrayAwaitTests
{
    private static string? Failure(Func<WorkflowContext, Task<int>> workflow)
    {
        using var turns = Turns.Of(workflow);
        return turns.First().Ending().FailureDetails?.ErrorType;
    }

    [Fact]
    public void Awaiting_a_task_that_is_not_durable_fails_the_workflow() => Assert.Equal("NonDurableAwait", Failure(async _ =>
    {
        await new TaskCompletionSource().Task;
        return 1;
    }));

    [Fact]
    public void Leaving_the_thread_fails_the_workflow() => Assert.Equal("NonDurableAwait", Failure(async _ =>
    {
        await Task.Yield();
        return 1;
    }));

    [Fact]
    public void It_is_found_when_nothing_durable_is_open_any_more()
    {
        using var turns = Turns.Of(async c =>
        {
            var open = c.CallActivityAsync<int>("A");
            await new TaskCompletionSource().Task;
            return await open;
        });

        Assert.Equal(["0 A"], turns.First().Told());
        Assert.Equal("NonDurableAwait", turns.Later([Scheduled(0, "A")], Completed(0)).Ending().FailureDetails.ErrorType);
    }

    [Fact]
    public async Task Code_that_strayed_cannot_touch_the_turn_any_more()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource<Exception>();
        using var turns = Turns.Of(async c =>
        {
            await gate.Task;
            try
            {
                return await c.CallActivityAsync<int>("A");
            }
            catch (InvalidOperationException refused)
            {
                seen.SetResult(refused);
                throw;
            }
        });

        Assert.Equal("NonDurableAwait", turns.First().Ending().FailureDetails.ErrorType);
        gate.SetResult();
        Assert.Contains("not in its history", (await seen.Task).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_an_event_or_a_suspended_turn_is_no_such_case()
    {
        using var turns = Turns.Of(c => c.WaitForExternalEventAsync<int>("go"));

        Assert.Empty(turns.First().Actions);
        Assert.Empty(turns.Later([], Suspended()).Actions);
    }
}
