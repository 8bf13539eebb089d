using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Canaries whose analysis came to no verdict: they wait for somebody to decide.</summary>
public sealed class InconclusivePlanningTests
{
    [Fact]
    public void No_step_ends_and_nothing_is_promoted_while_an_analysis_is_inconclusive()
    {
        var world = Analysed(CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(75), CanaryPlanningTests.Pause());
        world.Update("2");
        world.Settle();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);

        world.Run();

        Assert.Equal((RolloutPhase.Paused, PauseReason.InconclusiveAnalysisRun, 0), (world.Status.Phase, world.Status.Message, world.Status.CurrentStepIndex));
        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.CanaryPauseStep, 1, 2), (world.Status.Phase, world.Status.Message, world.Status.CurrentStepIndex, world.Runs.Count));
    }

    [Fact]
    public void A_timed_pause_that_is_over_leaves_that_of_an_inconclusive_analysis()
    {
        var world = Analysed(CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause("30s"));
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        var wait = world.Run();
        Assert.Equal(PauseReason.CanaryPauseStep, world.Status.Message);
        Assert.Contains("(InconclusiveAnalysisRun)", wait.For, StringComparison.Ordinal);
        Assert.Contains("until somebody promotes it", wait.For, StringComparison.Ordinal);

        world.Advance(TimeSpan.FromSeconds(30));
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.InconclusiveAnalysisRun), (world.Status.Phase, world.Status.Message));
        Assert.Equal((3, 1, 1), (world.Revision(1).Size, world.Revision(2).Size, world.Status.CurrentStepIndex));

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void An_update_whose_steps_are_done_is_not_promoted_while_its_analysis_is_inconclusive()
    {
        var world = Analysed(CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause());
        world.Update("2");
        world.Run();
        world.Promote();
        world.Settle();
        Assert.Equal(2, world.Status.CurrentStepIndex);
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        var stable = world.Status.StableRs;

        world.Run();

        Assert.Equal((RolloutPhase.Paused, stable), (world.Status.Phase, world.Status.StableRs));
        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void One_promotion_ends_a_pause_step_and_the_pause_of_an_inconclusive_analysis_beside_it()
    {
        var world = Analysed(CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause());
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal((2, 1), (world.Status.PauseConditions?.Count, world.Status.CurrentStepIndex));

        world.Promote();
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 3, 2), (world.Status.Phase, world.Status.CurrentStepIndex, world.Runs.Count));
    }

    [Fact]
    public void Scaling_during_an_inconclusive_pause_does_not_freeze_the_rollout()
    {
        var world = CanaryPlanningTests.Updated(2, [CanaryPlanningTests.Analysis(), CanaryPlanningTests.Weight(50)]);
        world.EndRun(world.Runs.Single().Name, "Inconclusive");
        world.Run();

        world.Spec(s => s with { Replicas = 5 });
        world.Run();
        Assert.Equal(5, world.Status.AvailableReplicas);

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal(RolloutPhase.Degraded, world.Status.Phase);
    }

    // Healthy, with a background analysis of updates.
    private static World Analysed(params IReadOnlyList<CanaryStep> steps)
    {
        var world = CanaryPlanningTests.Canary(4, steps, 1, 0);
        var check = new BackgroundAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "check" }] };
        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = check } } });
        world.Run();
        return world;
    }
}
