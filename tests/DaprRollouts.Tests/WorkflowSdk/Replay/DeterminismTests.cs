using Dapr.Workflow;
using DaprRollouts.Protocol;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class DeterminismTests
{
    private static string Contradiction(Func<WorkflowContext, Task<int>> workflow, HistoryEvent[] past, params HistoryEvent[] now)
    {
        using var turns = Turns.Of(workflow);
        var details = turns.Later(past, now).Ending().FailureDetails;
        Assert.Equal("NonDeterministicWorkflow", details.ErrorType);
        Assert.True(details.IsNonRetriable);
        return details.ErrorMessage;
    }

    [Fact]
    public void Another_kind_of_call_is_found_and_both_are_named_with_the_place()
    {
        var message = Contradiction(c => c.CallActivityAsync<int>("A"), [TimerSet(0)], TimerFired(0));

        Assert.Contains("the history has #0 a timer, the code has #0 a call of activity 'A', made at DeterminismTests.", message, StringComparison.Ordinal);
        Assert.Contains(" of DeterminismTests.cs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_activity_is_found()
    {
        var message = Contradiction(c => c.CallActivityAsync<int>("New"), [Scheduled(0, "Old")]);

        Assert.Contains("#0 a call of activity 'Old', the code has #0 a call of activity 'New'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_child_is_found()
    {
        var message = Contradiction(c => c.CallChildWorkflowAsync<int>("New"), [ChildCreated(0, "kid", "Old")]);

        Assert.Contains("child workflow 'Old', the code has #0 a call of child workflow 'New'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_is_gone_is_found()
    {
        var message = Contradiction(_ => Task.FromResult(1), [Scheduled(0, "A")]);

        Assert.Contains("#0 a call of activity 'A', the code has no such call", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_in_another_order_are_found()
    {
        var message = Contradiction(
            async c => await c.CallActivityAsync<int>("B") + await c.CallActivityAsync<int>("A"),
            [Scheduled(0, "A"), TurnStarted(), Completed(0), Scheduled(1, "B")]);

        Assert.Contains("'A', the code has #0 a call of activity 'B'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_another_kind_is_found()
    {
        var message = Contradiction(c => c.CallActivityAsync<int>("A"), [Scheduled(0, "A")], TimerFired(0));

        Assert.Contains("#0 the firing of a timer, the code has #0 a call of activity 'A'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_the_history_has_twice_is_found()
    {
        var message = Contradiction(c => c.CallActivityAsync<int>("A"), [Scheduled(0, "A"), Scheduled(0, "A")]);

        Assert.Contains("the code has no such call (its last is #0 a call of activity 'A')", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_may_change_their_case()
    {
        using var turns = Turns.Of(c => c.CallActivityAsync<int>("act"));

        Assert.Equal(["done 1"], turns.Later([Scheduled(0, "ACT")], Completed(0, "1")).Told());
    }

    [Fact]
    public void A_call_added_where_the_instance_now_stands_is_simply_made()
    {
        using var turns = Turns.Of(async c =>
        {
            var added = c.CallActivityAsync<int>("Added");
            return await c.WaitForExternalEventAsync<int>("go") + await added;
        });

        Assert.Equal(["0 Added"], turns.Later([], Raised("go", "1")).Told());
    }
}
