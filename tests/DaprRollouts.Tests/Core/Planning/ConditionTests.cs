using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class ConditionTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Then.AddMinutes(1);

    private static readonly RolloutStatus Before = new RolloutStatus()
        .WithCondition("Progressing", "True", "ReplicaSetUpdated", "one", Then)
        .WithCondition("Available", "True", "AvailableReason", "yes", Then);

    [Fact]
    public void One_of_the_same_status_and_reason_stays_as_it_is() =>
        Assert.Same(Before, Before.WithCondition("Progressing", "True", "ReplicaSetUpdated", "two", Now));

    [Fact]
    public void One_of_the_same_status_keeps_the_time_of_its_transition_and_goes_to_the_end()
    {
        var after = Before.WithCondition("Progressing", "True", "NewReplicaSetAvailable", "two", Now);

        Assert.Equal(["Available", "Progressing"], after.Conditions!.Select(c => c.Type));
        var condition = after.Condition("Progressing")!;
        Assert.Equal((Then, Now, "two"), (condition.LastTransitionTime, condition.LastUpdateTime, condition.Message));
    }

    [Fact]
    public void One_of_another_status_has_a_new_time_of_transition() =>
        Assert.Equal(Now, Before.WithCondition("Progressing", "False", "ReplicaSetUpdated", "two", Now).Condition("Progressing")!.LastTransitionTime);

    [Fact]
    public void Holding_a_rollout_that_is_done_says_nothing_of_its_pods()
    {
        var world = CanaryPlanningTests.Canary(2, []);
        world.Run();

        world.Spec(s => s with { Paused = true });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, "False"), (world.Status.Phase, world.Status.Condition(ConditionType.Healthy)?.Status));
        Assert.Equal(Reason.NewReplicaSetAvailable, world.Status.Condition(ConditionType.Progressing)?.Reason);
        Assert.Equal("True", world.Status.Condition(ConditionType.Available)?.Status);
    }

    [Fact]
    public void Pods_that_cannot_be_made_are_told_of_as_long_as_they_cannot()
    {
        var world = CanaryPlanningTests.Updated(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()]);
        var failure = new RolloutCondition { Type = ConditionType.ReplicaFailure, Status = "True", Reason = "FailedCreate", Message = "exceeded quota" };
        world.Put(world.Revision(1) with { Failure = failure with { Message = "of an old one" } });
        world.Put(world.Revision(2) with { Failure = failure });
        world.Run();
        Assert.Equal(("True", "FailedCreate", "exceeded quota"), world.Status.Condition(ConditionType.ReplicaFailure) is { } told ? (told.Status, told.Reason, told.Message) : default);

        world.Put(world.Revision(1) with { Failure = null });
        world.Put(world.Revision(2) with { Failure = null });
        world.Run();
        Assert.Null(world.Status.Condition(ConditionType.ReplicaFailure));
    }

    [Fact]
    public void Progress_renews_the_time_of_the_last_update()
    {
        var condition = Before.WithCondition("Progressing", "True", "ReplicaSetUpdated", "two", Now, refresh: true).Condition("Progressing")!;

        Assert.Equal((Then, Now), (condition.LastTransitionTime, condition.LastUpdateTime));
    }
}
