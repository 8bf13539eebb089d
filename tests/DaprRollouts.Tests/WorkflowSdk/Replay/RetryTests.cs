using Dapr.Workflow;
using Dapr.Workflow.Replay;
using static DaprRollouts.Tests.WorkflowSdk.Replay.Happened;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

public sealed class RetryTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Turns Retried(WorkflowRetryPolicy policy) => Turns.Of(c => c.CallActivityAsync<int>("A", null, new WorkflowTaskOptions(policy)));

    [Fact]
    public void Attempts_and_pauses_take_numbers_in_turn_until_the_attempts_are_used_up()
    {
        using var turns = Retried(new WorkflowRetryPolicy(2, Seconds(5)));

        Assert.Equal(["0 A"], turns.First().Told());
        Assert.Equal(["1 timer"], turns.Later([Scheduled(0, "A")], Failed(0)).Told());
        Assert.Equal(["2 A"], turns.Later([Scheduled(0, "A"), TurnStarted(), Failed(0), TimerSet(1)], TimerFired(1)).Told());
        Assert.Equal(
            ["failed Task failed: last"],
            turns.Later(
                [Scheduled(0, "A"), TurnStarted(), Failed(0), TimerSet(1), TurnStarted(), TimerFired(1), Scheduled(2, "A")],
                Failed(2, message: "last")).Told());
    }

    [Fact]
    public void Pauses_tell_which_attempt_began_the_series()
    {
        using var turns = Retried(new WorkflowRetryPolicy(3, Seconds(5)));

        var first = turns.First().Actions.Single().ScheduleTask.TaskExecutionId;
        var second = turns.Later([Scheduled(0, "A"), TurnStarted(), Failed(0), TimerSet(1)], TimerFired(1)).Actions.Single();
        var pause = turns.Later(
            [Scheduled(0, "A"), TurnStarted(), Failed(0), TimerSet(1), TurnStarted(), TimerFired(1), Scheduled(2, "A")], Failed(2));

        Assert.NotEqual(first, second.ScheduleTask.TaskExecutionId);
        Assert.Equal(first, pause.Actions.Single().CreateTimer.ActivityRetry.TaskExecutionId);
    }

    [Fact]
    public void A_pause_counts_from_the_turn_that_saw_the_failure()
    {
        using var turns = Retried(new WorkflowRetryPolicy(3, Seconds(5)));

        var pause = turns.Later([Scheduled(0, "A")], Failed(0)).Actions.Single().CreateTimer;

        Assert.Equal(Turns.Epoch.AddSeconds(3 + 5), pause.FireAt.ToDateTime());
    }

    [Fact]
    public void After_the_time_limit_there_is_no_further_attempt()
    {
        // The failure is seen at second 3, and the limit counts from second 0.
        using var inTime = Retried(new WorkflowRetryPolicy(9, Seconds(1), retryTimeout: Seconds(3.5)));
        using var atTheLimit = Retried(new WorkflowRetryPolicy(9, Seconds(1), retryTimeout: Seconds(3)));

        Assert.Equal(["1 timer"], inTime.Later([Scheduled(0, "A")], Failed(0)).Told());
        Assert.Equal(["failed Task failed: broken"], atTheLimit.Later([Scheduled(0, "A")], Failed(0)).Told());
    }

    [Theory]
    [InlineData(1.0, null, 0, 2)]
    [InlineData(1.0, null, 50, 2)]
    [InlineData(2.0, null, 3, 16)]
    [InlineData(2.0, 10, 2, 8)]
    [InlineData(2.0, 10, 3, 10)]
    [InlineData(2.0, 10, 5000, 10)]
    [InlineData(2.0, null, 5000, 0)]
    [InlineData(1.5, null, 2, 4.5)]
    public void Delays_grow_up_to_the_cap_and_come_to_nothing_when_they_overflow(double coefficient, int? cap, int failures, double expected)
    {
        var policy = new WorkflowRetryPolicy(int.MaxValue, Seconds(2), coefficient, cap is { } c ? Seconds(c) : null);

        Assert.Equal(Seconds(expected), RetryLoop.DelayAfter(failures, policy));
    }

    [Fact]
    public void Only_failed_tasks_are_tried_again()
    {
        using var turns = Retried(new WorkflowRetryPolicy(3, Seconds(5)));

        Assert.Equal("System.Text.Json.JsonException", turns.Later([Scheduled(0, "A")], Completed(0, "{bad")).Ending().FailureDetails.ErrorType);
    }

    [Fact]
    public void Policies_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(0, Seconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(1, Seconds(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(1, Seconds(1), 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(1, Seconds(2), maxRetryInterval: Seconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(1, TimeSpan.FromHours(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkflowRetryPolicy(1, Seconds(2), retryTimeout: Seconds(1)));
        Assert.Equal(Timeout.InfiniteTimeSpan, new WorkflowRetryPolicy(1, Seconds(2)).RetryTimeout);
    }
}
