using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Tests.Core.Planning;

namespace DaprRollouts.Tests.Core;

/// <summary>What is said of a rollout that waits, and who can move it.</summary>
public sealed class ExplanationTests
{
    private static readonly CanaryStep[] Steps = [new() { SetWeight = 50 }, new() { Pause = new PauseStep() }, new() { Pause = new PauseStep { Duration = "60s" } }];

    [Fact]
    public void An_endless_pause_waits_for_somebody()
    {
        var explanation = Explain(Updated());

        Assert.Equal("Paused", explanation.Phase);
        Assert.StartsWith("paused (CanaryPauseStep) since", explanation.Reason, StringComparison.Ordinal);
        Assert.Equal("step 2 of 3 (pause), weight 50, in fact 50, 2 of 2 pods available", explanation.Where);
        Assert.Equal(["promote", "promote --full", "abort"], explanation.Movers.Select(m => m.Who));
        Assert.NotNull(explanation.Since);
        Assert.Null(explanation.Until);
    }

    [Fact]
    public void A_timed_pause_ends_by_itself()
    {
        var world = Updated();
        world.Promote();
        world.Run();

        var explanation = Explain(world);

        Assert.Equal("time", explanation.Movers[0].Who);
        Assert.Equal(TimeSpan.FromSeconds(60), explanation.Until - explanation.Since);
    }

    [Fact]
    public void An_aborted_update_waits_for_a_retry()
    {
        var world = Updated();
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Equal("retry", Explain(world).Movers[0].Who);
    }

    [Fact]
    public void Pods_that_fail_are_told_once_a_state()
    {
        var world = Updated();

        var explanation = ExplanationOf.Rollout(world.Seen, [Pod("a", "ImagePullBackOff"), Pod("b", "ImagePullBackOff"), Pod("c", "Running"), Pod("d", "CrashLoopBackOff")], world.Now);

        Assert.Equal(["2 pods are ImagePullBackOff, such as a", "1 pod is CrashLoopBackOff, such as d"], explanation.Troubles);
    }

    private static Explanation Explain(World world) => ExplanationOf.Rollout(world.Seen, [], world.Now);

    private static PodOverview Pod(string name, string status) => new() { Name = name, Status = status, Created = DateTimeOffset.UnixEpoch };

    private static World Updated()
    {
        var world = CanaryPlanningTests.Canary(2, Steps, 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        return world;
    }
}
