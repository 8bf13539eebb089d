using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class BlueGreenPlanningTests
{
    [Fact]
    public void The_active_service_moves_when_all_new_pods_can_serve()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 10 }, 3);
        world.Run();
        Assert.Equal(world.Revision(1).Hash, world.Service("active").Hash);

        world.Update("2");
        world.Settle();
        world.MakeAvailable(2);
        world.Settle();
        Assert.Equal(world.Revision(1).Hash, world.Service("active").Hash);

        world.Run();
        Assert.Equal(world.Revision(2).Hash, world.Service("active").Hash);
        Assert.Equal((RolloutPhase.Healthy, 6, 3), (world.Status.Phase, world.Status.Replicas, world.Status.AvailableReplicas));
        Assert.Equal(3, world.Revision(1).Size);

        world.Advance(TimeSpan.FromSeconds(11));
        world.Run();
        Assert.Equal(0, world.Revision(1).Size);
        Assert.False(world.Revision(1).Annotations.ContainsKey(ArgoNames.ScaleDownDeadline));
    }

    [Fact]
    public void Without_automatic_promotion_it_pauses_until_promoted()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", AutoPromotionEnabled = false }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.BlueGreenPause), (world.Status.Phase, world.Status.Message));
        Assert.Equal((world.Revision(1).Hash, world.Revision(2).Hash), (world.Service("active").Hash, world.Service("preview").Hash));

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void Automatic_promotion_waits_its_seconds()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", AutoPromotionSeconds = 8 }, 2);
        world.Run();
        world.Update("2");
        var wait = world.Run();
        Assert.Equal((RolloutPhase.Paused, world.Now.AddSeconds(8)), (world.Status.Phase, wait.Until));

        world.Advance(TimeSpan.FromSeconds(8));
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void Ending_a_timed_pause_by_hand_promotes_at_once()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", AutoPromotionSeconds = 600 }, 2);
        world.Run();
        world.Update("2");
        world.Run();

        world.Promote();
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void A_small_preview_grows_before_the_service_moves()
    {
        var world = BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", PreviewReplicaCount = 1, AutoPromotionEnabled = false }, 3);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((3, 1, RolloutPhase.Paused), (world.Revision(1).Size, world.Revision(2).Size, world.Status.Phase));

        world.Promote();
        world.Settle();
        Assert.Equal((3, world.Revision(1).Hash), (world.Revision(2).Size, world.Service("active").Hash));

        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void An_abort_keeps_the_active_service_and_takes_the_preview_down_after_its_delay()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, AbortScaleDownDelaySeconds = 5 }, 2);
        world.Run();
        world.Update("2");
        world.Run();

        world.SetStatus(s => s with { Abort = true });
        var wait = world.Run();
        Assert.Equal((RolloutPhase.Degraded, 2), (world.Status.Phase, world.Revision(2).Size));
        Assert.Equal(world.Now.AddSeconds(5), wait.Until);

        world.Advance(TimeSpan.FromSeconds(5));
        world.Run();
        Assert.Equal((0, 2, world.Revision(1).Hash), (world.Revision(2).Size, world.Revision(1).Size, world.Service("active").Hash));
    }

    [Fact]
    public void An_abort_after_the_switch_goes_back_although_the_new_pods_crash()
    {
        var world = BlueGreen(
            new BlueGreenStrategy
            {
                ActiveService = "active", PostPromotionAnalysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] },
            },
            2);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal(world.Revision(2).Hash, world.Service("active").Hash);

        world.Fail(world.Revision(2).Name, 2);
        world.EndRun(world.Runs.Single().Name, "Failed");
        world.Settle();

        Assert.Equal((world.Revision(1).Hash, RolloutPhase.Degraded), (world.Service("active").Hash, world.Status.Phase));
    }

    [Fact]
    public void An_analysis_that_the_rollout_no_longer_asks_for_is_ended_and_not_waited_for()
    {
        var strategy = new BlueGreenStrategy { ActiveService = "active", PrePromotionAnalysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] } };
        var world = BlueGreen(strategy, 2);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal(AnalysisPhase.Running, world.Runs.Single().Phase);

        world.Spec(s => s with { Strategy = new RolloutStrategy { BlueGreen = strategy with { PrePromotionAnalysis = null, AutoPromotionEnabled = false } } });
        world.Run();

        Assert.Equal((true, null), (world.Runs.Single().Terminating, world.Status.BlueGreen?.PrePromotionAnalysisRunStatus));
        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
    }

    [Fact]
    public void An_aborted_revision_keeps_its_pods_while_users_still_reach_them()
    {
        var world = BlueGreen(
            new BlueGreenStrategy
            {
                ActiveService = "active", AbortScaleDownDelaySeconds = 5,
                PostPromotionAnalysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] },
            },
            2);
        world.Run();
        world.Update("2");
        world.Run();
        world.Broken.Add(world.Revision(1).Hash);
        world.Fail(world.Revision(1).Name, 2);
        world.Put(world.Revision(2) with
        {
            Annotations = new Dictionary<string, string>(world.Revision(2).Annotations) { [ArgoNames.ScaleDownDeadline] = ModelJson.Time(world.Now) },
        });

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        world.Advance(TimeSpan.FromMinutes(1));
        world.Run();
        Assert.Equal((world.Revision(2).Hash, 2), (world.Service("active").Hash, world.Revision(2).Size));

        world.Broken.Clear();
        world.Run();
        world.Advance(TimeSpan.FromMinutes(1));
        world.Run();
        Assert.Equal((world.Revision(1).Hash, 0), (world.Service("active").Hash, world.Revision(2).Size));
    }

    [Fact]
    public void Going_back_within_the_delay_is_instant()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, ScaleDownDelaySeconds = 60 }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();

        world.Update("1");
        world.Settle();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(world.Service("active").Hash, world.Status.StableRs);
    }

    [Fact]
    public void A_scale_down_delay_of_zero_is_at_once()
    {
        var world = BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 0 }, 2);
        world.Run();
        world.Update("2");
        world.Run();

        Assert.Equal((0, 2), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void An_abandoned_preview_goes_at_once()
    {
        var world = BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", PreviewReplicaCount = 1, ScaleDownDelaySeconds = 900, AutoPromotionEnabled = false }, 3);
        world.Run();
        world.Update("2");
        world.Run();

        world.Update("3");
        world.Run();

        Assert.Equal((3, 0, 1), (world.Revision(1).Size, world.Revision(2).Size, world.Revision(3).Size));
    }

    internal static World BlueGreen(BlueGreenStrategy strategy, int replicas) =>
        new(new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { BlueGreen = strategy } }, "active", "preview");
}
