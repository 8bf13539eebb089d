using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class TimerTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(30 * 24 * 3600)]
    public void A_timer_is_asked_for_whole_however_far_off_it_is(int seconds)
    {
        using var turns = Turns.Of(async c =>
        {
            await c.CreateTimer(TimeSpan.FromSeconds(seconds));
            return c.CurrentUtcDateTime;
        });

        var timer = Assert.Single(turns.First().Actions).CreateTimer;

        Assert.Equal(Turns.Epoch.AddSeconds(seconds), timer.FireAt.ToDateTime());
        Assert.NotNull(timer.CreateTimer);
        Assert.Equal(["done \"2026-01-01T00:00:03Z\""], turns.Later([TimerSet(0)], TimerFired(0)).Told());
    }

    [Fact]
    public void An_instant_must_be_given_in_utc()
    {
        using var turns = Turns.Of(async c =>
        {
            await c.CreateTimer(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), default);
            return 1;
        });

        Assert.Equal("System.ArgumentException", turns.First().Ending().FailureDetails.ErrorType);
    }

    [Fact]
    public void Cancelling_is_local_and_the_later_firing_finds_nobody()
    {
        using var turns = Turns.Of(async c =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = c.CreateTimer(TimeSpan.FromMinutes(1), cancellation.Token);
            await c.WaitForExternalEventAsync<object>("go");
#pragma warning disable CA1849, xUnit1051 // Workflow code must stay on its thread.
            cancellation.Cancel();
#pragma warning restore CA1849, xUnit1051
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            return await c.CallActivityAsync<int>("A");
        });

        Assert.Equal(["0 timer"], turns.First().Told());
        Assert.Equal(["1 A"], turns.Later([TimerSet(0)], Raised("go")).Told());
        Assert.Equal(["done 1"], turns.Later([TimerSet(0), Raised("go"), Scheduled(1, "A")], TimerFired(0), Completed(1, "1")).Told());
    }

    [Fact]
    public void The_clock_stands_still_within_a_turn()
    {
        using var turns = Turns.Of(async c =>
        {
            List<DateTime> seen = [c.CurrentUtcDateTime];
            await c.CallActivityAsync("A");
            seen.Add(c.CurrentUtcDateTime);
            await c.CallActivityAsync("B");
            seen.Add(c.CurrentUtcDateTime);
            Assert.All(seen, t => Assert.Equal(DateTimeKind.Utc, t.Kind));
            return string.Join(' ', seen.Select(t => t.Second));
        });

        var answer = turns.Later([Scheduled(0, "A"), TurnStarted(), Completed(0), Scheduled(1, "B")], Completed(1));

        Assert.Equal(["done \"0 3 6\""], answer.Told());
    }

    [Fact]
    public void A_workflow_knows_what_it_does_again()
    {
        using var turns = Turns.Of(async c =>
        {
            List<bool> replaying = [c.IsReplaying];
            await c.CallActivityAsync("A");
            replaying.Add(c.IsReplaying);
            await c.CallActivityAsync("B");
            replaying.Add(c.IsReplaying);
            return replaying;
        });

        var answer = turns.Later([Scheduled(0, "A"), TurnStarted(), Completed(0), Scheduled(1, "B")], Completed(1));

        Assert.Equal(["done [true,true,false]"], answer.Told());
    }
}
