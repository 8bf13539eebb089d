using Dapr.Workflow;
using Dapr.Workflow.Replay;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class ExternalEventTests
{
    private static Turns Limited(TimeSpan timeout) => Turns.Of(async c =>
    {
        try
        {
            return await c.WaitForExternalEventAsync<string>("Go", timeout);
        }
        catch (TaskCanceledException)
        {
            return "late";
        }
    });

    [Fact]
    public void Names_match_whatever_their_case_and_each_event_serves_one_wait()
    {
        using var turns = Turns.Of(async c =>
            await c.WaitForExternalEventAsync<string>("Go") + await c.WaitForExternalEventAsync<string>("gO"));

        Assert.Empty(turns.First().Actions);
        Assert.Empty(turns.Later([], Raised("GO", "\"1\"")).Actions);
        Assert.Equal(["done \"12\""], turns.Later([Raised("GO", "\"1\"")], Raised("go", "\"2\"")).Told());
        Assert.Equal(["done \"12\""], turns.First(Raised("GO", "\"1\""), Raised("go", "\"2\"")).Told());
    }

    [Fact]
    public void An_event_that_came_before_its_wait_is_kept()
    {
        using var turns = Turns.Of(c => c.WaitForExternalEventAsync<string>("go"));

        Assert.Equal(["done \"1\""], turns.Run([], [TurnStarted(), Raised("go", "\"1\""), Started(Turns.Workflow)]).Told());
    }

    [Fact]
    public void Waits_of_one_name_are_served_in_their_order_and_given_up_ones_are_passed_over()
    {
        using var turns = Turns.Of(async c =>
        {
            using var cancellation = new CancellationTokenSource();
            var first = c.WaitForExternalEventAsync<int>("go", cancellation.Token);
            var second = c.WaitForExternalEventAsync<int>("go");
            var third = c.WaitForExternalEventAsync<int>("go");
#pragma warning disable CA1849, xUnit1051 // Workflow code must stay on its thread.
            cancellation.Cancel();
#pragma warning restore CA1849, xUnit1051
            await Task.WhenAll(second, third);
            return $"{first.IsCanceled} {second.Result} {third.Result}";
        });

        Assert.Equal(["done \"True 1 2\""], turns.First(Raised("go", "1"), Raised("go", "2")).Told());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_payload_the_default_arrives(string? payload)
    {
        using var turns = Turns.Of(c => c.WaitForExternalEventAsync<int>("go"));

        Assert.Equal(["done 0"], turns.First(Raised("go", payload)).Told());
    }

    [Fact]
    public void A_payload_that_cannot_be_read_fails_the_wait()
    {
        using var turns = Turns.Of(c => c.WaitForExternalEventAsync<int>("go"));

        Assert.Equal("System.Text.Json.JsonException", turns.First(Raised("go", "{bad")).Ending().FailureDetails.ErrorType);
    }

    [Fact]
    public void A_limited_wait_asks_for_its_timer_first_even_if_the_event_is_there()
    {
        using var turns = Limited(TimeSpan.FromMinutes(1));

        var timer = Assert.Single(turns.First().Actions).CreateTimer;

        Assert.Equal("Go", timer.ExternalEvent.Name);
        Assert.Equal(Turns.Epoch.AddMinutes(1), timer.FireAt.ToDateTime());
        Assert.Equal(["0 timer", "done \"1\""], turns.Run([], [TurnStarted(), Raised("go", "\"1\""), Started(Turns.Workflow)]).Told());
    }

    [Fact]
    public void Of_event_and_timer_the_earlier_in_the_history_wins()
    {
        using var turns = Limited(TimeSpan.FromMinutes(1));

        Assert.Equal(["done \"1\""], turns.Later([TimerSet(0)], Raised("go", "\"1\""), TimerFired(0)).Told());
        Assert.Equal(["done \"late\""], turns.Later([TimerSet(0)], TimerFired(0), Raised("go", "\"1\"")).Told());
    }

    [Fact]
    public void An_event_that_comes_too_late_is_kept_for_the_next_wait()
    {
        using var turns = Turns.Of(async c =>
        {
            await Assert.ThrowsAsync<TaskCanceledException>(() => c.WaitForExternalEventAsync<int>("go", TimeSpan.FromSeconds(1)));
            return await c.WaitForExternalEventAsync<int>("go");
        });

        Assert.Equal(["done 1"], turns.Later([TimerSet(0)], TimerFired(0), Raised("go", "1")).Told());
    }

    [Fact]
    public void No_time_at_all_is_too_late_even_if_the_event_is_there()
    {
        using var turns = Limited(TimeSpan.Zero);

        Assert.Equal(["done \"late\""], turns.Run([], [TurnStarted(), Raised("go", "\"1\""), Started(Turns.Workflow)]).Told());
    }

    [Fact]
    public void A_wait_without_end_is_marked_by_a_timer_that_never_fires()
    {
        using var turns = Turns.Of(Unlimited);

        Assert.Equal(new Timestamp { Seconds = 253402300799, Nanos = 999999999 }, Assert.Single(turns.First().Actions).CreateTimer.FireAt);
        Assert.Equal(["1 A"], turns.Later([Marker()], Raised("go", "1")).Told());
        Assert.Equal(["done 1"], turns.Later([Marker(), Raised("go", "1"), Scheduled(1, "A")], Completed(1)).Told());
    }

    [Fact]
    public void A_history_written_without_the_mark_is_followed_all_the_same()
    {
        using var turns = Turns.Of(Unlimited);

        Assert.Equal(["done 1"], turns.Later([Raised("go", "1"), Scheduled(0, "A")], Completed(0)).Told());
    }

    [Fact]
    public void So_is_one_where_a_real_timer_has_the_number_of_the_mark()
    {
        using var turns = Turns.Of(async c =>
        {
            var go = c.WaitForExternalEventAsync<int>("go", Timeout.InfiniteTimeSpan);
            await c.CreateTimer(TimeSpan.FromSeconds(5));
            await c.CallActivityAsync("A");
            return await go;
        });

        var answer = turns.Later([TimerSet(0)], TimerFired(0), Raised("go", "7"));

        Assert.Equal(["1 A"], answer.Told());
        Assert.Equal(new DeterministicGuids("abc", null).TaskExecutionId(1, "A"), answer.Actions[0].ScheduleTask.TaskExecutionId);
    }

    [Fact]
    public void Events_are_sent_where_the_engine_can_deliver_them_and_refused_elsewhere()
    {
        using var turns = Turns.Of(async c =>
        {
            c.SendEvent("other", "go", 1);
            return await c.CallActivityAsync<int>("A");
        });

        Assert.Equal(["0 send go", "1 A"], turns.First().Told());
        Assert.Equal(["done 1"], turns.Later([Sent(0, "go"), Scheduled(1, "A")], Completed(1, "1")).Told());
        var refused = turns.Run([], [TurnStarted(), Started(Turns.Workflow)], canSendEvents: false).Ending();
        Assert.Equal("System.NotSupportedException", refused.FailureDetails.ErrorType);
    }

    private static async Task<int> Unlimited(WorkflowContext c)
    {
        var number = await c.WaitForExternalEventAsync<int>("go", Timeout.InfiniteTimeSpan);
        await c.CallActivityAsync("A");
        return number;
    }

    private static HistoryEvent Marker() => new()
    {
        EventId = 0,
        TimerCreated = new TimerCreatedEvent
        {
            FireAt = new Timestamp { Seconds = 253402300799, Nanos = 999999999 },
            ExternalEvent = new TimerOriginExternalEvent { Name = "go" },
        },
    };
}
