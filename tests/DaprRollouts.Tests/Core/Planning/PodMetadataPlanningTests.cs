using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class PodMetadataPlanningTests
{
    [Fact]
    public void Canary_and_stable_pods_wear_what_their_role_says()
    {
        var world = Canary("canary", "stable");
        world.Run();
        Assert.Equal("stable", Worn(world, 1));

        world.Update("2");
        world.Run();
        Assert.Equal(("stable", "canary"), (Worn(world, 1), Worn(world, 2)));

        world.Promote();
        world.Run();
        Assert.Equal("stable", Worn(world, 2));
    }

    [Fact]
    public void A_change_of_the_metadata_starts_no_update()
    {
        var world = Canary("canary", "stable");
        world.Run();

        world.Spec(s => s with { Strategy = Strategy("canary", "stable2") });
        world.Run();

        Assert.Equal("stable2", Worn(world, 1));
        Assert.Single(world.ReplicaSets);
    }

    [Fact]
    public void Metadata_that_is_no_longer_asked_for_is_taken_off()
    {
        var world = Canary("canary", "stable");
        world.Run();

        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { CanaryMetadata = null, StableMetadata = null } } });
        world.Run();

        Assert.Null(Worn(world, 1));
    }

    [Fact]
    public void Pods_of_an_abandoned_revision_wear_nothing_while_they_go()
    {
        var world = Canary("canary", "stable");
        world.Run();
        world.Update("2");
        world.Run();

        world.Update("3");
        world.Settle();

        Assert.Null(Worn(world, 2));
        Assert.Equal("canary", Worn(world, 3));
    }

    private static string? Worn(World world, long revision) =>
        EphemeralMetadata.Read(world.Revision(revision).Annotations, ArgoNames.EphemeralMetadata).Labels?.GetValueOrDefault("role");

    private static World Canary(string canary, string stable) => new(new RolloutSpec { Replicas = 2, Strategy = Strategy(canary, stable) });

    private static RolloutStrategy Strategy(string canary, string stable) => new()
    {
        Canary = new CanaryStrategy
        {
            Steps = [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], CanaryMetadata = Role(canary), StableMetadata = Role(stable),
        },
    };

    private static PodMetadata Role(string role) => new() { Labels = new Dictionary<string, string> { ["role"] = role } };
}
