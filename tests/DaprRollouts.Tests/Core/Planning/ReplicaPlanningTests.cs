using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Desired pods: none, others than before, and the ReplicaSets that are to have them.</summary>
public sealed class ReplicaPlanningTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_any_pods_a_rollout_is_healthy_and_never_stuck(bool routed)
    {
        var world = routed ? RoutedPlanningTests.Routed(0, [CanaryPlanningTests.Weight(50)]) : CanaryPlanningTests.Canary(0, []);
        world.Spec(s => s with { ProgressDeadlineSeconds = 8 });

        world.Run();
        world.Advance(TimeSpan.FromSeconds(30));
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, "True"), (world.Status.Phase, world.Status.Condition(ConditionType.Healthy)?.Status));
        Assert.Equal(Reason.NewReplicaSetAvailable, world.Status.Condition(ConditionType.Progressing)?.Reason);
    }

    [Fact]
    public void A_ReplicaSet_that_keeps_its_size_still_says_how_many_pods_are_asked_for_in_all()
    {
        var scale = new CanaryStep { SetCanaryScale = new SetCanaryScaleStep { Replicas = 1 } };
        var world = RoutedPlanningTests.Routed(2, [scale, CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();

        world.Spec(s => s with { Replicas = 4 });
        world.Run();

        Assert.Equal((4, 1), (world.Revision(1).Size, world.Revision(2).Size));
        Assert.All(world.ReplicaSets, r => Assert.Equal("4", r.Annotations[ArgoNames.DesiredReplicas]));
    }

    [Fact]
    public void A_first_version_that_never_works_is_stable_all_the_same_and_updated_step_by_step()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Broken.Add(PodTemplateHash.Of(World.Template("1")));
        world.Run();
        Assert.Equal((RolloutPhase.Progressing, world.Revision(1).Hash, 2), (world.Status.Phase, world.Status.StableRs, world.Status.CurrentStepIndex));

        world.Update("2");
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Theory]
    [InlineData("100%", "25%", 4, 3, 8, 3)]
    [InlineData("2", "0", 2, 4, 6, 4)]
    public void Scaling_in_the_middle_of_an_update_that_does_not_work(string surge, string unavailable, int canary, int stable, int canaryOf8, int stableOf8)
    {
        IntOrString Value(string text) => int.TryParse(text, out var number) ? number : text;
        var world = CanaryPlanningTests.Canary(4, [], Value(surge), Value(unavailable));
        world.Run();
        world.Broken.Add(PodTemplateHash.Of(World.Template("2")));
        world.Update("2");
        world.Run();
        Assert.Equal((canary, stable), (world.Revision(2).Size, world.Revision(1).Size));

        world.Spec(s => s with { Replicas = 8 });
        world.Run();
        Assert.Equal((canaryOf8, stableOf8), (world.Revision(2).Size, world.Revision(1).Size));

        world.Spec(s => s with { Replicas = 4 });
        world.Run();
        Assert.Equal((canary, stable), (world.Revision(2).Size, world.Revision(1).Size));
    }

    [Fact]
    public void Of_two_bad_versions_after_a_good_one_the_last_keeps_a_pod()
    {
        var world = CanaryPlanningTests.Canary(4, [], 1, 0);
        world.Run();
        foreach (var version in new[] { "2", "3" })
        {
            world.Broken.Add(PodTemplateHash.Of(World.Template(version)));
            world.Update(version);
            world.Run();
        }

        Assert.Equal([4, 0, 1], world.ReplicaSets.OrderBy(r => r.Revision).Select(r => r.Size));
    }

    [Fact]
    public void A_ReplicaSet_that_was_refused_is_told_of_once_in_the_status()
    {
        var world = CanaryPlanningTests.Canary(2, []);
        world.Run();
        world.Update("2");

        var status = StatusProjection.Refused(new Facts(world.Seen, world.Now), "quota exceeded");

        var condition = status.Condition(ConditionType.Progressing)!;
        Assert.Equal(("False", Reason.ReplicaSetCreateError, "quota exceeded"), (condition.Status, condition.Reason, condition.Message));
        Assert.Equal((RolloutPhase.Progressing, "more replicas need to be updated", "2"), (status.Phase, status.Message, status.ObservedGeneration));
        world.SetStatus(_ => status);
        Assert.Same(status, StatusProjection.Refused(new Facts(world.Seen, world.Now), "quota exceeded again"));
    }

    [Fact]
    public void A_refused_ReplicaSet_is_not_healthy_for_want_of_pods()
    {
        var world = CanaryPlanningTests.Canary(0, []);

        var status = StatusProjection.Refused(new Facts(world.Seen, world.Now), "quota exceeded");

        Assert.Equal(Reason.ReplicaSetCreateError, status.Condition(ConditionType.Progressing)?.Reason);
        Assert.NotEqual(RolloutPhase.Healthy, status.Phase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_the_stable_ReplicaSet_is_lost_a_routed_canary_gets_all_pods_and_what_traffic_they_can_take(bool abort)
    {
        var world = RoutedPlanningTests.Routed(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        var stable = world.Status.StableRs;

        if (abort)
        {
            world.SetStatus(s => s with { Abort = true });
            world.Settle();
        }

        world.Delete(world.Revision(1).Name);
        world.Run();

        Assert.Equal((abort ? RolloutPhase.Degraded : RolloutPhase.Paused, stable), (world.Status.Phase, world.Status.StableRs));
        Assert.Equal((4, abort ? 0 : 100), (world.Revision(2).Size, RoutedPlanningTests.RoutedWeight(world)));

        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash, 0), (world.Status.Phase, world.Status.StableRs, RoutedPlanningTests.RoutedWeight(world)));
        Assert.Equal(world.Revision(2).Hash, world.Service("stable").Hash);
    }

    [Fact]
    public void A_lost_stable_ReplicaSet_that_is_wanted_back_takes_its_traffic_again()
    {
        var world = RoutedPlanningTests.Routed(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()]);
        world.Run();
        var stable = world.Status.StableRs;
        world.Update("2");
        world.Run();
        world.Delete(world.Revision(1).Name);
        world.Run();

        world.Update("1");
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, stable, 0), (world.Status.Phase, world.Status.StableRs, RoutedPlanningTests.RoutedWeight(world)));
    }
}
