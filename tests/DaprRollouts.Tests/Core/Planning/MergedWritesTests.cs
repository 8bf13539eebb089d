using CsCheck;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Statuses that follow from each other are one write, and yet everything is told of.</summary>
public sealed class MergedWritesTests
{
    [Fact]
    public void A_pause_that_ends_with_its_time_tells_of_its_end_along_with_the_next_pause()
    {
        var world = Updated(CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause("5s"), CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause());
        world.Advance(TimeSpan.FromSeconds(5));
        var before = world.Publications;

        world.Run();

        Assert.Equal(
            [(Reason.RolloutStepCompleted, 2), (Reason.RolloutResumed, 0), (Reason.RolloutStepCompleted, 3), (Reason.RolloutPaused, 0)],
            world.Notices.Select(n => (n.Reason, n.Message.Contains("2/4") ? 2 : n.Message.Contains("3/4") ? 3 : 0)));
        Assert.Equal(before + 1, world.Publications);
    }

    [Fact]
    public void A_pause_that_a_user_ends_is_no_event_but_what_follows_is()
    {
        var world = Updated(CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause());
        world.Promote();

        world.Run();

        Assert.Equal([Reason.RolloutStepCompleted, Reason.RolloutStepCompleted, Reason.RolloutPaused], world.Notices.Select(n => n.Reason));
    }

    [Fact]
    public void A_retry_is_no_event_but_the_steps_that_it_does_again_are()
    {
        var world = Updated(CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause());
        world.SetStatus(s => s with { Abort = true });
        world.Run();
        world.SetStatus(s => s with { Abort = false });

        world.Run();

        Assert.Equal([Reason.RolloutAborted, Reason.RolloutStepCompleted, Reason.RolloutPaused], world.Notices.Select(n => n.Reason));
    }

    [Fact]
    public void Merged_or_not_the_same_is_told() =>
        Gen.Select(Gen.Int[1, 6], Stories.Steps, Gen.Bool, Stories.Any).Sample(
            (replicas, steps, routed, story) => Assert.Equal(Told(ahead: false, replicas, steps, routed, story), Told(ahead: true, replicas, steps, routed, story)),
            iter: SafetyPropertyTests.Iterations / 2);

    private static List<string> Told(bool ahead, int replicas, CanaryStep[] steps, bool routed, (Event What, int Number, int Decisions)[] story)
    {
        var world = routed ? RoutedPlanningTests.Routed(replicas, steps) : CanaryPlanningTests.Canary(replicas, steps, 1, 0);
        world.Ahead = ahead;
        world.Run();
        Stories.Play(world, [.. story.Select(e => e with { Decisions = 200 })]);
        world.Run();
        return [.. world.Notices.Select(n => $"{n.Reason}: {n.Message}")];
    }

    // At its first pause; what was told so far is forgotten.
    private static World Updated(params IReadOnlyList<CanaryStep> steps)
    {
        var world = CanaryPlanningTests.Updated(2, steps);
        world.Ahead = true;
        world.Notices.Clear();
        return world;
    }
}
