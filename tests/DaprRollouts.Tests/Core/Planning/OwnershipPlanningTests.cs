using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class OwnershipPlanningTests
{
    [Fact]
    public void ReplicaSets_without_an_owner_are_taken_over_before_anything_is_made()
    {
        var world = CanaryPlanningTests.Canary(2, []);

        var decision = Planner.Decide(world.Seen with { Orphans = ["app-abc"] }, world.Now);

        Assert.Equal(["app-abc"], Assert.IsType<AdoptReplicaSets>(Assert.IsType<Perform>(decision.Move).Effect).Names);
    }

    [Fact]
    public void A_ReplicaSet_that_no_longer_fits_is_let_go()
    {
        var world = CanaryPlanningTests.Canary(2, []);
        world.Run();

        var decision = Planner.Decide(world.Seen with { Misfits = ["app-abc"] }, world.Now);

        Assert.Equal(["app-abc"], Assert.IsType<ReleaseReplicaSets>(Assert.IsType<Perform>(decision.Move).Effect).Names);
    }

    [Fact]
    public void A_service_that_is_no_longer_named_is_let_go()
    {
        var world = CanaryPlanningTests.Canary(2, []);
        world.Run();

        var decision = Planner.Decide(world.Seen with { StrayServices = ["active"] }, world.Now);

        Assert.Equal(["active"], Assert.IsType<ReleaseServices>(Assert.IsType<Perform>(decision.Move).Effect).Services);
    }
}
