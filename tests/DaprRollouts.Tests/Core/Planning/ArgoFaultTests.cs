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
    [InlineData("template")]
    [InlineData("steps")]
    [InlineData("retry")]
    public void A_change_ignored_after_scaling_in_an_inconclusive_pause(string change)
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Analysis(), CanaryPlanningTests.Weight(50)], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        world.Spec(s => s with { Replicas = 5 });
        world.Run();
        Assert.Equal(5, world.ReplicaSets.Sum(r => r.Size));

        switch (change)
        {
            case "template":
                world.Update("3");
                break;
            case "steps":
                world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Steps = [CanaryPlanningTests.Weight(40)] } } });
                break;
            default:
                world.SetStatus(s => s with { Abort = true });
                world.Run();
                world.SetStatus(s => s with { Abort = false });
                break;
        }

        world.Run();

        Assert.Null(world.Status.PauseConditions);
        Assert.Equal(
            change == "steps" ? (RolloutPhase.Healthy, 1, "2") : (RolloutPhase.Progressing, 0, change == "template" ? "3" : "2"),
            (world.Status.Phase, world.Status.CurrentStepIndex, world.ReplicaSets.Single(r => r.Hash == world.Status.CurrentPodHash).Revision.ToString()));
    }

    [Fact]
    public void Old_pods_kept_for_ever_by_a_delay_of_zero()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 0 }, 6);
        world.Run();
        foreach (var version in (string[])["2", "3", "4"])
        {
            world.Update(version);
            world.Run();
        }

        Assert.Equal(6, world.ReplicaSets.Sum(r => r.Size));
        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
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
}
