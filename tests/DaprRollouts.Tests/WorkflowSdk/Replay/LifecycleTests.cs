using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>Suspending, resuming, terminating and continuing as new.</summary>
public sealed class LifecycleTests
{
    private static Turns Chain() => Turns.Of(async c =>
    {
        c.SetCustomStatus("waiting");
        var first = await c.CallActivityAsync<int>("A");
        c.SetCustomStatus($"got {first}");
        return first + await c.CallActivityAsync<int>("B");
    });

    [Fact]
    public void A_suspended_turn_asks_for_nothing_and_keeps_the_status()
    {
        using var turns = Chain();

        var answer = turns.Later([Scheduled(0, "A")], Suspended(), Completed(0, "1"));

        Assert.Empty(answer.Actions);
        Assert.Equal("\"waiting\"", answer.CustomStatus);
    }

    [Fact]
    public void What_happens_meanwhile_is_told_at_the_resumption()
    {
        using var turns = Chain();

        var answer = turns.Later([Scheduled(0, "A"), TurnStarted(), Suspended(), TurnStarted(), Completed(0, "1")], Resumed());

        Assert.Equal(["1 B"], answer.Told());
        Assert.Equal("\"got 1\"", answer.CustomStatus);
    }

    [Fact]
    public void What_the_turn_of_the_suspension_left_unasked_is_asked_for_then()
    {
        using var turns = Chain();

        Assert.Empty(turns.Later([Scheduled(0, "A")], Completed(0, "1"), Suspended()).Actions);
        Assert.Equal(["1 B"], turns.Later([Scheduled(0, "A"), TurnStarted(), Completed(0, "1"), Suspended()], Resumed()).Told());
    }

    [Fact]
    public void The_clock_stands_still_during_a_suspension()
    {
        using var turns = Turns.Of(async c =>
        {
            await c.WaitForExternalEventAsync<object>("go");
            return c.CurrentUtcDateTime.Second;
        });

        // Told in order at the resumption: the event of second 4 belongs to the turn that began at second 3.
        Assert.Equal(["done 3"], turns.Later([Suspended(), TurnStarted(), Raised("go"), TurnStarted()], Resumed()).Told());
    }

    [Fact]
    public void Suspending_twice_needs_one_resumption()
    {
        using var turns = Chain();

        Assert.Equal(["1 B"], turns.Later([Scheduled(0, "A"), Suspended(), Suspended()], Resumed(), Completed(0, "1")).Told());
    }

    [Theory]
    [InlineData("\"bye\"", "Terminated \"bye\"")]
    [InlineData("", "Terminated")]
    public void Termination_ends_the_workflow_with_the_given_output(string output, string expected)
    {
        using var turns = Chain();

        var answer = turns.Later([Scheduled(0, "A")], Terminated(output));

        Assert.Equal([expected], answer.Told());
        Assert.Equal("\"waiting\"", answer.CustomStatus);
    }

    [Fact]
    public void Termination_counts_wherever_it_stands_and_no_code_runs_after_it()
    {
        using var turns = Chain();

        var answer = turns.Later([Scheduled(0, "A")], Terminated(), Completed(0, "1"));

        Assert.Equal(["Terminated"], answer.Told());
        Assert.Equal("\"waiting\"", answer.CustomStatus);
    }

    [Fact]
    public void A_suspended_workflow_can_be_terminated()
    {
        using var turns = Chain();

        Assert.Equal(["Terminated \"x\""], turns.Later([Scheduled(0, "A"), Suspended()], Terminated("\"x\"")).Told());
    }

    [Fact]
    public void A_result_that_came_first_stands_but_a_wish_to_continue_does_not()
    {
        using var ends = Turns.Of(c => c.WaitForExternalEventAsync<int>("go"));
        using var continues = Turns.Of(async c =>
        {
            await c.WaitForExternalEventAsync<int>("go");
            c.ContinueAsNew();
            return 0;
        });

        Assert.Equal(["done 1"], ends.First(Raised("go", "1"), Terminated()).Told());
        Assert.Equal(["Terminated"], continues.First(Raised("go", "1"), Terminated()).Told());
    }

    [Fact]
    public void An_unknown_workflow_can_still_be_terminated()
    {
        using var turns = Chain();

        Assert.Equal(["Terminated \"x\""], turns.Run([], [TurnStarted(), Started("Unknown"), Terminated("\"x\"")]).Told());
    }

    [Fact]
    public void Continuing_as_new_carries_the_unclaimed_events_over_as_they_came()
    {
        using var turns = Turns.Of<int?, int>(async (c, n) =>
        {
            c.SetCustomStatus("before");
            await c.WaitForExternalEventAsync<int>("go");
            c.ContinueAsNew((n ?? 0) + 1);
            c.SetCustomStatus("after");
            return 99;
        });

        var answer = turns.First(Raised("Other", "1"), Raised("go"), Raised("go", "2"));

        var ending = answer.Ending();
        Assert.Equal(["again 1"], answer.Told());
        Assert.Equal(["Other 1 2", "go 2 4"], ending.CarryoverEvents.Select(e => $"{e.EventRaised.Name} {e.EventRaised.Input} {e.Timestamp.ToDateTime().Second}"));
        Assert.Equal("\"after\"", answer.CustomStatus);
    }

    [Fact]
    public void Continuing_as_new_takes_a_number_and_needs_no_return()
    {
        using var turns = Turns.Of(async c =>
        {
            _ = c.CallActivityAsync<int>("A");
            c.ContinueAsNew("next", preserveUnprocessedEvents: false);
            c.ContinueAsNew("ignored");
            return await c.CallActivityAsync<int>("B");
        });

        var answer = turns.First(Raised("go"));

        Assert.Equal(["0 A", "again \"next\"", "3 B"], answer.Told());
        Assert.Equal(1, answer.Actions[1].Id);
        Assert.Empty(answer.Actions[1].CompleteWorkflow.CarryoverEvents);
    }

    [Fact]
    public void What_is_thrown_after_continuing_as_new_is_ignored()
    {
        using var turns = Turns.Of<int>(c =>
        {
            c.ContinueAsNew();
            throw new InvalidOperationException();
        });

        Assert.Equal(["again "], turns.First().Told());
    }
}
