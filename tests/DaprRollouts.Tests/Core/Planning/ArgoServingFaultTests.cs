using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What was seen to go wrong with Argo Rollouts for those who are served, and must not here. Each test is named after what it prevents.</summary>
public sealed class ArgoServingFaultTests
{
    [Fact]
    public void Pods_gone_before_the_weight_that_they_have()
    {
        var world = RoutedPlanningTests.Routed(10, [CanaryPlanningTests.Weight(10), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(0), CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal(10, world.Status.Canary!.Weights!.Canary.Weight);
        world.Check = (w, _) => Assert.True(w.Revision(2).Size > 0 || w.Status.Canary!.Weights!.Canary.Weight == 0);

        world.Promote();
        world.Run();

        Assert.Equal((0, 0, 3), (world.Revision(2).Size, world.Status.Canary!.Weights!.Canary.Weight, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_canary_service_that_flaps_while_the_aborted_canary_is_kept()
    {
        var world = RoutedPlanningTests.Routed(4, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], s => s with { AbortScaleDownDelaySeconds = 900 });
        world.Run();
        world.Update("2");
        world.Run();
        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal((2, world.Revision(1).Hash), (world.Revision(2).Size, world.Service("canary").Hash));
        var (effects, publications) = (world.Effects.Count, world.Publications);

        for (var i = 0; i < 10; i++)
        {
            world.Advance(TimeSpan.FromSeconds(30));
            world.Run();
        }

        Assert.Equal((effects, publications), (world.Effects.Count, world.Publications));
    }

    [Fact]
    public void The_only_pod_taken_away_by_a_restart()
    {
        var world = CanaryPlanningTests.Canary(1, [], "25%", "25%");
        world.Run();
        world.Advance(TimeSpan.FromSeconds(5));
        world.Spec(s => s with { RestartAt = world.Now });
        world.Check = (w, _) => Assert.True(w.ReplicaSets.Sum(r => r.Available) > 0);

        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Rollout.Spec.RestartAt), (world.Status.Phase, world.Status.RestartedAt));
    }

    [Fact]
    public void A_restart_held_up_by_pods_of_an_abandoned_preview()
    {
        var world = BlueGreenPlanningTests.BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", PreviewReplicaCount = 1, ScaleDownDelaySeconds = 900 }, 3);
        world.Run();
        world.Broken.Add(PodTemplateHash.Of(World.Template("2")));
        world.Update("2");
        world.Run();
        world.Update("3");
        world.Run();
        Assert.Equal(0, world.Revision(2).Size);

        world.Advance(TimeSpan.FromSeconds(1));
        world.Spec(s => s with { RestartAt = world.Now });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Rollout.Spec.RestartAt), (world.Status.Phase, world.Status.RestartedAt));
    }

    [Fact]
    public void An_untested_revision_promoted_because_somebody_deleted_the_stable_ReplicaSet()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        var stable = world.Status.StableRs;

        world.Delete(world.Revision(1).Name);
        world.Run();

        Assert.Equal((RolloutPhase.Paused, stable, 1), (world.Status.Phase, world.Status.StableRs, world.Status.CurrentStepIndex));
        Assert.Equal(4, world.Revision(2).Size); // all traffic goes to it now, wanted or not

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal((RolloutPhase.Degraded, stable, 4), (world.Status.Phase, world.Status.StableRs, world.Revision(2).Size));
    }

    [Fact]
    public void A_rollout_healthy_by_the_pods_of_another_revision()
    {
        var world = CanaryPlanningTests.Canary(2, [], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        world.Put(world.Revision(1) with { Size = 2, Pods = 2, Ready = 2, Available = 2 });
        world.Broken.Add(world.Revision(2).Hash);
        world.Fail(world.Revision(2).Name, 2);

        world.Settle();

        Assert.NotEqual(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void A_fast_rollback_missed_as_both_revisions_were_made_in_the_same_second()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, ScaleDownDelaySeconds = 60 }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();
        world.Put(world.Revision(2) with { Created = world.Revision(1).Created });

        world.Update("1");
        world.Settle();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void Services_left_behind_by_an_update_without_pods()
    {
        var canary = new CanaryStrategy { CanaryService = "canary", StableService = "stable", Steps = [CanaryPlanningTests.Weight(50)] };
        var world = new World(new RolloutSpec { Replicas = 2, Strategy = new RolloutStrategy { Canary = canary } }, "canary", "stable");
        world.Run();
        world.Spec(s => s with { Replicas = 0 });
        world.Run();

        world.Update("2");
        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.All(["canary", "stable"], name => Assert.Equal(world.Status.StableRs, world.Service(name).Hash));
    }
}
