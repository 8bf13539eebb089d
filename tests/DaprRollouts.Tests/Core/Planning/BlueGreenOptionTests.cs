using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>The options of a blue-green strategy, and how they work together.</summary>
public sealed class BlueGreenOptionTests
{
    private static readonly RolloutAnalysis Check = new() { Templates = [new AnalysisTemplateRef { TemplateName = "check" }] };

    [Fact]
    public void A_resumption_from_an_inconclusive_check_before_promotion_measures_again_and_then_still_pauses()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, PrePromotionAnalysis = Check });
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.InconclusiveAnalysisRun), (world.Status.Phase, world.Status.Message));

        world.Promote();
        world.Run();
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Successful);
        world.Run();

        Assert.Equal((RolloutPhase.Paused, PauseReason.BlueGreenPause), (world.Status.Phase, world.Status.Message));
        Assert.Equal(world.Revision(1).Hash, world.Service("active").Hash);
    }

    [Fact]
    public void A_resumption_from_an_inconclusive_check_after_promotion_measures_again()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PostPromotionAnalysis = Check });
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.InconclusiveAnalysisRun), (world.Status.Phase, world.Status.Message));

        world.Promote();
        world.Run();
        Assert.Equal(2, world.Runs.Count);
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Successful);
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void An_active_service_that_lost_its_selector_goes_to_stable_and_promotes_nothing()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false });

        world.Replace("active");
        world.Run();

        Assert.Equal((RolloutPhase.Paused, world.Revision(1).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(0, 2)]
    [InlineData(30, 2)]
    public void An_aborted_preview_is_kept_as_its_delay_says(int? delay, int size)
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", AutoPromotionEnabled = false, AbortScaleDownDelaySeconds = delay });
        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal((size, world.Revision(2).Hash), (world.Revision(2).Size, world.Service("preview").Hash));

        world.Advance(TimeSpan.FromSeconds(31));
        world.Run();

        Assert.Equal(delay == 0 ? 2 : 0, world.Revision(2).Size);
        Assert.Equal((RolloutPhase.Degraded, world.Revision(1).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void An_aborted_preview_that_is_kept_follows_a_change_of_the_replicas()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, AbortScaleDownDelaySeconds = 0 });
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        world.Spec(s => s with { Replicas = 1 });
        world.Run();

        Assert.Equal((1, 1), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void A_retry_brings_the_preview_back_and_pauses_again()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", AutoPromotionEnabled = false, PreviewReplicaCount = 1 });
        world.SetStatus(s => s with { Abort = true });
        world.Run();
        world.Advance(TimeSpan.FromSeconds(31));
        world.Run();
        Assert.Equal(0, world.Revision(2).Size);

        world.SetStatus(s => s with { Abort = false });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1, null), (world.Status.Phase, world.Revision(2).Size, world.Revision(2).ScaleDownDeadline));
    }

    [Fact]
    public void A_small_preview_that_is_promoted_fully_grows_before_the_service_moves()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PreviewReplicaCount = 1, AutoPromotionEnabled = false, PrePromotionAnalysis = Check }, 3);
        world.Check = (w, _) => Assert.True(w.Service("active").Hash == w.Revision(1).Hash || w.Revision(2).Available == 3);
        Assert.Equal(1, world.Revision(2).Size);

        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("active").Hash));
        Assert.All(world.Runs, r => Assert.True(r.IsCompleted));
    }

    [Fact]
    public void A_small_preview_pauses_for_its_seconds_and_then_grows()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PreviewReplicaCount = 1, AutoPromotionSeconds = 10, PrePromotionAnalysis = Check, PostPromotionAnalysis = Check }, 3);
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Successful);
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Revision(2).Size));

        world.Advance(TimeSpan.FromSeconds(10));
        world.Settle();
        Assert.Equal((3, true, world.Revision(1).Hash), (world.Revision(2).Size, world.Status.BlueGreen?.ScaleUpPreviewCheckPoint, world.Service("active").Hash));
        world.Run();
        Assert.Equal((world.Revision(2).Hash, world.Revision(1).Hash, 2), (world.Service("active").Hash, world.Status.StableRs, world.Runs.Count));
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Failed);
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, world.Revision(1).Hash), (world.Status.Phase, world.Service("active").Hash));
        Assert.Equal((3, 3), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void A_retry_of_a_preview_that_has_grown_measures_again_and_goes_on()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", PreviewReplicaCount = 1, AutoPromotionEnabled = false, PrePromotionAnalysis = Check, PostPromotionAnalysis = Check }, 3);
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Successful);
        world.Run();
        world.Promote();
        world.Run();
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Failed);
        world.Run();
        Assert.Equal((RolloutPhase.Degraded, world.Revision(1).Hash), (world.Status.Phase, world.Service("active").Hash));

        world.SetStatus(s => s with { Abort = false });
        world.Run();
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Successful);
        world.Run();
        Assert.Equal(world.Revision(2).Hash, world.Service("active").Hash);
        world.EndRun(world.Runs.Single(r => r.Phase == "Running").Name, AnalysisPhase.Successful);
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void A_rollback_within_the_window_needs_no_pause_and_no_check()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 0, AutoPromotionEnabled = false, PrePromotionAnalysis = Check, PostPromotionAnalysis = Check });
        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();
        var runs = world.Runs.Count;
        world.Spec(s => s with { RollbackWindow = new RollbackWindow { Revisions = 1 } });
        Assert.Equal(0, world.Revision(1).Size);

        world.Update("1");
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(3).Hash, runs), (world.Status.Phase, world.Service("active").Hash, world.Runs.Count));
    }

    [Fact]
    public void Old_revisions_in_their_delay_follow_a_change_of_the_replicas()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 60 });
        Assert.Equal(2, world.Revision(1).Size);

        world.Spec(s => s with { Replicas = 4 });
        world.Run();

        Assert.Equal((4, 4, RolloutPhase.Healthy), (world.Revision(1).Size, world.Revision(2).Size, world.Status.Phase));
    }

    [Fact]
    public void Metadata_follows_the_roles_of_preview_and_active()
    {
        var world = Updated(new BlueGreenStrategy
        {
            ActiveService = "active",
            AutoPromotionEnabled = false,
            ActiveMetadata = new PodMetadata { Labels = new Dictionary<string, string> { ["role"] = "active" } },
            PreviewMetadata = new PodMetadata { Labels = new Dictionary<string, string> { ["role"] = "preview" } },
        });
        Assert.Contains("preview", world.Revision(2).Annotations[ArgoNames.EphemeralMetadata], StringComparison.Ordinal);

        world.Promote();
        world.Run();

        Assert.Contains("active", world.Revision(2).Annotations[ArgoNames.EphemeralMetadata], StringComparison.Ordinal);
        Assert.DoesNotContain("active", world.Revision(1).Annotations.GetValueOrDefault(ArgoNames.EphemeralMetadata, ""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_by_the_spec_holds_both_services_but_not_the_pods()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview" }, 2);
        world.Run();
        world.Spec(s => s with { Paused = true });
        world.Update("2");
        world.Run();
        Assert.Equal((world.Revision(1).Hash, world.Revision(1).Hash, 2), (world.Service("active").Hash, world.Service("preview").Hash, world.Revision(2).Available));
        Assert.Equal("manually paused", world.Status.Message);

        world.Spec(s => s with { Paused = false });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("preview").Hash));
    }

    [Fact]
    public void A_resumption_that_comes_as_pods_fail_is_not_forgotten()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false });
        world.Fail(world.Revision(2).Name, 1);
        world.Promote();
        world.Settle();
        Assert.Equal(world.Revision(1).Hash, world.Service("active").Hash);

        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void A_stable_ReplicaSet_that_is_deleted_makes_no_preview_stable()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false });
        var stable = world.Status.StableRs;

        world.Delete(world.Revision(1).Name);
        world.Run();

        Assert.Equal((RolloutPhase.Paused, stable), (world.Status.Phase, world.Status.StableRs));
        Assert.Equal(stable, world.Service("active").Hash);
    }

    [Fact]
    public void Pods_that_a_ReplicaSet_counted_before_it_was_scaled_do_not_move_the_service()
    {
        var world = Updated(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false });
        world.Put(world.Revision(2) with { Observed = false });
        world.Promote();
        world.Settle();
        Assert.Equal(world.Revision(1).Hash, world.Service("active").Hash);

        world.Put(world.Revision(2) with { Observed = true });
        world.Settle();

        Assert.Equal(world.Revision(2).Hash, world.Service("active").Hash);
    }

    private static World Updated(BlueGreenStrategy strategy, int replicas = 2)
    {
        var world = BlueGreenPlanningTests.BlueGreen(strategy, replicas);
        world.Run();
        world.Update("2");
        world.Run();
        return world;
    }
}
