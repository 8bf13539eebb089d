using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class StatusDifferenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RolloutStatus Before = new RolloutStatus
    {
        Phase = RolloutPhase.Progressing,
        Message = "more replicas need to be updated",
        Replicas = 2,
        CurrentStepIndex = 1,
    }.WithCondition(ConditionType.Progressing, "True", Reason.ReplicaSetUpdated, "is progressing", Now);

    public static TheoryData<string, RolloutStatus> Counts => new()
    {
        { "pods", Before with { Replicas = 3, UpdatedReplicas = 1, ReadyReplicas = 2, AvailableReplicas = 2, HpaReplicas = 3 } },
        { "what is said of them", Before with { AvailableReplicas = 1, Message = "updated replicas are still becoming available" } },
        { "that pods were seen", Before.WithCondition(ConditionType.Progressing, "True", Reason.ReplicaSetUpdated, "is progressing", Now.AddSeconds(1), refresh: true) },
        { "what is waited for", Before.WithCondition(ConditionType.Waiting, "True", WaitKind.Pods, "waiting for 1 of 1 pods", Now) },
    };

    public static TheoryData<string, RolloutStatus> MoreThanCounts => new()
    {
        { "nothing", Before },
        { "a step", Before with { Replicas = 3, CurrentStepIndex = 2 } },
        { "a phase", Before with { Replicas = 3, Phase = RolloutPhase.Healthy } },
        { "a generation", Before with { ObservedGeneration = "2" } },
        { "a condition", Before.WithCondition(ConditionType.Available, "True", Reason.Available, "Rollout has minimum availability", Now) },
        { "a reason", Before.WithCondition(ConditionType.Progressing, "False", Reason.ProgressDeadlineExceeded, "has timed out progressing", Now) },
        { "a pause", Before with { PauseConditions = [new PauseCondition { Reason = PauseReason.CanaryPauseStep }] } },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Pods_that_come_and_go_may_wait(string what, RolloutStatus after) => Assert.True(StatusDifference.IsOnlyCounts(Before, after), what);

    [Theory]
    [MemberData(nameof(MoreThanCounts))]
    public void All_else_is_told_at_once(string what, RolloutStatus after) => Assert.False(StatusDifference.IsOnlyCounts(Before, after), what);

    [Fact]
    public void A_member_without_content_is_written_along_only()
    {
        var after = Before with { Canary = new CanaryStatus() };

        Assert.Null(StatusDifference.Between(Before, after));
        Assert.Equal("""{"canary":{},"currentStepIndex":2}""", StatusDifference.Between(Before, after with { CurrentStepIndex = 2 })!.ToJsonString());
    }

    [Fact]
    public void What_is_said_of_pods_waits_less_than_their_number()
    {
        var counts = StatusDifference.Patience(Before, Before with { Replicas = 3 });
        var message = StatusDifference.Patience(Before, Before with { Replicas = 3, Message = "updated replicas are still becoming available" });
        var step = StatusDifference.Patience(Before, Before with { Replicas = 3, CurrentStepIndex = 2 });

        Assert.True(counts > message && message > step);
        Assert.Equal(TimeSpan.Zero, step);
    }

    [Fact]
    public void Counts_of_a_rollout_that_is_healthy_or_degraded_are_told_at_once()
    {
        var degraded = Before with { Phase = RolloutPhase.Degraded };

        Assert.False(StatusDifference.IsOnlyCounts(degraded, degraded with { Replicas = 3 }));
    }
}
