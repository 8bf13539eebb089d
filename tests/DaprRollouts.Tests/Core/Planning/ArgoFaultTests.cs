using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What was seen to go wrong with Argo Rollouts, and must not here. Each test is named after what it prevents.</summary>
public sealed class ArgoFaultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_abort_or_a_full_promotion_ignored_after_scaling_in_an_inconclusive_pause(bool abort)
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Analysis(), CanaryPlanningTests.Weight(50)], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        world.Spec(s => s with { Replicas = 5 });
        world.Run();

        world.SetStatus(s => abort ? s with { Abort = true } : s with { PromoteFull = true });
        world.Run();

        Assert.Equal(abort ? RolloutPhase.Degraded : RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(5, world.ReplicaSets.Single(r => r.Hash == world.Status.StableRs).Size);
    }

    [Fact]
    public void A_progress_deadline_that_does_not_count_while_an_old_ReplicaSet_waits_out_its_delay()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 900 }, 1);
        world.Spec(s => s with { ProgressDeadlineSeconds = 8, ProgressDeadlineAbort = true });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.NotNull(world.Revision(1).ScaleDownDeadline);

        world.Update("3");
        world.Broken.Add(PodTemplateHash.Of(World.Template("3")));
        world.Run();
        world.Advance(TimeSpan.FromSeconds(9));
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, true), (world.Status.Phase, world.Status.Abort));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_promoted_rollout_degraded_while_its_old_ReplicaSet_waits_out_its_delay(bool routed)
    {
        var world = routed
            ? RoutedPlanningTests.Routed(1, [], s => s with { ScaleDownDelaySeconds = 900 })
            : BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 900 }, 1);
        world.Spec(s => s with { ProgressDeadlineSeconds = 8 });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.NotNull(world.Revision(1).ScaleDownDeadline);

        world.Advance(TimeSpan.FromSeconds(60));
        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void A_status_written_over_and_over_after_an_inconclusive_post_promotion_analysis()
    {
        var world = BlueGreenPlanningTests.BlueGreen(
            new BlueGreenStrategy
            {
                ActiveService = "active", PostPromotionAnalysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] },
            },
            2);
        world.Run();
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
        var before = world.Publications;

        for (var i = 0; i < 10; i++)
        {
            world.Advance(TimeSpan.FromSeconds(30));
            world.Run();
        }

        Assert.Equal(before, world.Publications);
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
    public void An_abort_ignored_because_it_came_with_the_update()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50)], 1, 0);
        world.Run();
        var stable = world.Status.StableRs;

        world.Update("2");
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, stable, 2), (world.Status.Phase, world.Status.StableRs, world.Revision(1).Size));
    }

    [Fact]
    public void An_abort_ignored_during_a_full_promotion()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        var stable = world.Status.StableRs;
        world.SetStatus(s => s with { PromoteFull = true });
        world.Settle();

        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, stable, null), (world.Status.Phase, world.Status.StableRs, world.Status.PromoteFull));
        Assert.Equal((4, 0), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void A_full_promotion_of_an_aborted_update_ignored()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
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
