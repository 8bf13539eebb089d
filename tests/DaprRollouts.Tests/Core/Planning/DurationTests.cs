using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>How long an update is said to take and how it ended, in the words of Argo Rollouts, which its metrics have as labels.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("1", "2", "1", 0, "FastRolledBack")] // to stable
    [InlineData("1 2 3", "4", "2", 1, "FastRolledBack")] // within the window
    [InlineData("1 2 3", "4", "1", 1, "RolledBack")] // outside the window
    [InlineData("1 2", "3", "1", 0, "RolledBack")]
    public void Who_goes_back_in_the_middle_of_an_update_ends_that_update(string done, string begun, string wanted, int window, string how)
    {
        var world = After(done, window);
        Begin(world, begun);
        var started = world.Status.Duration!.RolloutStartedAt;

        Begin(world, wanted);
        Finish(world);

        Assert.Equal((how, started), (world.Status.Duration.CompletionStatus, world.Status.Duration.RolloutStartedAt));
        Assert.NotNull(world.Status.Duration.FinishedAt);
    }

    [Theory]
    [InlineData("1", "2", "3")]
    [InlineData("1", "2", "1, other steps")]
    [InlineData("1 2", "2", "1")] // nothing is under way, so going back is an update as any other
    public void Another_wish_is_an_update_of_its_own(string done, string begun, string wanted)
    {
        var world = After(done, 0);
        Begin(world, begun);
        var started = world.Status.Duration!.RolloutStartedAt;

        if (wanted.EndsWith("other steps", StringComparison.Ordinal))
        {
            world.Advance(TimeSpan.FromMinutes(1));
            world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Steps = [CanaryPlanningTests.Pause()] } } });
        }
        else
        {
            Begin(world, wanted);
        }

        Finish(world);

        Assert.Equal("Promoted", world.Status.Duration.CompletionStatus);
        Assert.True(world.Status.Duration.RolloutStartedAt > started);
    }

    private static World After(string done, int window)
    {
        var world = CanaryPlanningTests.Canary(1, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()]);
        world.Spec(s => s with { RollbackWindow = new RollbackWindow { Revisions = window } });
        world.Run();
        foreach (var version in done.Split(' ').Skip(1))
        {
            Begin(world, version);
            Finish(world);
        }

        return world;
    }

    private static void Begin(World world, string version)
    {
        world.Advance(TimeSpan.FromMinutes(1));
        world.Update(version);
        world.Run();
    }

    private static void Finish(World world)
    {
        world.Run();
        if (world.Status.Phase == RolloutPhase.Paused)
        {
            world.Promote();
            world.Run();
        }

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }
}
