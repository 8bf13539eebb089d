using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>When a canary's Services are switched.</summary>
public sealed class ServicePlanningTests
{
    [Theory]
    [InlineData(false, 0, 0, false)]
    [InlineData(false, 2, 0, false)]
    [InlineData(false, 2, 1, false)]
    [InlineData(false, 2, 2, true)]
    [InlineData(true, 2, 0, false)]
    [InlineData(true, 2, 1, true)]
    public void A_service_that_is_taken_over_goes_to_a_revision_with_all_pods_and_a_managed_one_to_one_with_any(bool managed, int size, int available, bool switched)
    {
        var world = new World(new RolloutSpec { Replicas = 3, Strategy = new RolloutStrategy { Canary = new CanaryStrategy { CanaryService = "canary" } } }, "canary");
        world.Put(PromotionPlanningTests.ReplicaSet("v1", 1, 3, 3, "0"));
        world.Put(PromotionPlanningTests.ReplicaSet("v2", 2, size, available, "1"));
        world.SetStatus(_ => new RolloutStatus { StableRs = "v1", CurrentPodHash = "v2" });
        if (managed)
        {
            world.Select("canary", "v1");
        }

        var outcome = ServiceRules.Switch(new Facts(world.Seen, world.Now));

        Assert.Equal(switched, outcome is Act { Effect: SwitchServices { Switches: [{ Service: "canary", Hash: "v2" }] } });
    }

    [Fact]
    public void Two_services_that_take_turns_change_roles_and_keep_their_pods()
    {
        var strategy = new CanaryStrategy { PingPong = new PingPong { PingService = "ping", PongService = "pong" }, Steps = [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()] };
        var world = new World(new RolloutSpec { Replicas = 2, Strategy = new RolloutStrategy { Canary = strategy } }, "ping", "pong");
        world.Settle();
        Assert.Equal((world.Revision(1).Hash, ""), (world.Service("ping").Hash, world.Service("pong").Hash));
        Assert.Equal("ping", world.Status.Canary!.StablePingPong);

        world.Run();
        world.Update("2");
        world.Settle();
        Assert.Equal((world.Revision(1).Hash, world.Revision(2).Hash, 0), (world.Service("ping").Hash, world.Service("pong").Hash, world.Revision(2).Available));

        world.Run();
        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, "pong"), (world.Status.Phase, world.Status.Canary!.StablePingPong));
        Assert.Equal((world.Revision(1).Hash, world.Revision(2).Hash), (world.Service("ping").Hash, world.Service("pong").Hash));
    }
}
