using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What comes of analyses that nobody can make sense of, and of the person who resumes.</summary>
public sealed class AnalysisPlanningTests
{
    [Fact]
    public void Resuming_from_an_inconclusive_background_analysis_in_a_pause_ends_the_pause_too()
    {
        var world = Canary([CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(60), CanaryPlanningTests.Pause()]);
        var first = world.Runs.Single().Name;
        world.EndRun(first, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal([PauseReason.CanaryPauseStep, PauseReason.InconclusiveAnalysisRun], world.Status.PauseConditions!.Select(p => p.Reason));
        Assert.Equal(["Rollout is paused (CanaryPauseStep)"], world.Notices.Where(n => n.Reason == Reason.RolloutPaused).Select(n => n.Message));

        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();

        Assert.Equal((3, $"{first}.1"), (world.Status.CurrentStepIndex, world.Status.Canary?.CurrentBackgroundAnalysisRunStatus?.Name));
    }

    [Fact]
    public void Resuming_starts_each_analysis_that_was_inconclusive()
    {
        var world = Canary([CanaryPlanningTests.Weight(50), CanaryPlanningTests.Analysis()]);
        var names = world.Runs.Select(r => r.Name).ToList();
        names.ForEach(name => world.EndRun(name, AnalysisPhase.Inconclusive));
        world.Run();

        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();

        Assert.Equal(names.Select(n => $"{n}.1").Order(), world.Runs.Where(r => !r.IsCompleted).Select(r => r.Name).Order());
        Assert.Equal((RolloutPhase.Progressing, null), (world.Status.Phase, world.Status.ControllerPause));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resuming_from_an_inconclusive_pre_promotion_analysis_measures_again_before_anything_else(bool automatic)
    {
        var world = BlueGreenPlanningTests.BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = automatic, PrePromotionAnalysis = Check }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        var first = world.Runs.Single().Name;
        world.EndRun(first, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal(PauseReason.InconclusiveAnalysisRun, world.Status.Message);

        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();
        Assert.Equal((RolloutPhase.Progressing, $"{first}.1"), (world.Status.Phase, world.Status.BlueGreen?.PrePromotionAnalysisRunStatus?.Name));

        world.EndRun($"{first}.1", AnalysisPhase.Successful);
        world.Run();
        Assert.Equal(automatic ? "" : PauseReason.BlueGreenPause, world.Status.Message ?? "");
        Assert.Equal(world.Revision(automatic ? 2 : 1).Hash, world.Service("active").Hash);
    }

    private static RolloutAnalysis Check => new() { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] };

    // In its update, with a background analysis.
    private static World Canary(IReadOnlyList<CanaryStep> steps)
    {
        var canary = new CanaryStrategy { Steps = steps, Analysis = new BackgroundAnalysis { Templates = Check.Templates } };
        var world = new World(new RolloutSpec { Replicas = 2, Strategy = new RolloutStrategy { Canary = canary } });
        world.Run();
        world.Update("2");
        world.Run();
        return world;
    }
}
