using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>A revision's ReplicaSet is made with the pods that it is to have first, so that nothing has to be scaled right after.</summary>
public sealed class FirstSizeTests
{
    [Fact]
    public void A_first_deployment_has_all_its_pods_at_once() => AssertMade(CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25)]), 4);

    [Theory]
    [InlineData(0, 4)] // without steps: as many as may be there in addition
    [InlineData(50, 2)]
    [InlineData(100, 4)]
    public void A_canary_has_the_pods_of_its_first_weight(int weight, int pods) =>
        AssertUpdated(CanaryPlanningTests.Canary(4, weight == 0 ? [] : [CanaryPlanningTests.Weight(weight), CanaryPlanningTests.Pause()], "100%", 0), pods);

    [Fact]
    public void A_canary_that_may_not_surge_waits_for_others_to_go() =>
        AssertUpdated(CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 0, 1), 0);

    [Fact]
    public void A_canary_whose_first_step_is_no_weight_has_no_pods() =>
        AssertUpdated(CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(50)]), 0);

    [Fact]
    public void A_canary_behind_a_router_has_the_pods_of_its_first_weight_or_scale()
    {
        AssertUpdated(RoutedPlanningTests.Routed(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()]), 1);
        AssertUpdated(RoutedPlanningTests.Routed(4, [new CanaryStep { SetCanaryScale = new SetCanaryScaleStep { Replicas = 3 } }, CanaryPlanningTests.Pause()]), 3);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(1, 1)]
    public void A_preview_has_all_its_pods_or_as_many_as_a_preview_is_to_have(int? preview, int pods) =>
        AssertUpdated(
            BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, PreviewReplicaCount = preview }, 3), pods);

    [Fact]
    public void What_the_spec_pauses_gets_no_pods()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(50)]);
        world.Run();
        world.Spec(s => s with { Paused = true });

        world.Update("2");

        AssertMade(world, 0);
    }

    [Fact]
    public void An_update_that_comes_with_its_abort_gets_no_pods()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(50)]);
        world.Run();
        world.Update("2");
        world.SetStatus(s => s with { Abort = true });

        AssertMade(world, 0);
    }

    [Fact]
    public void Its_pods_are_told_of_once_and_after_the_beginning_of_the_update()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()]);
        world.Run();

        world.Update("2");
        world.Run();

        var told = world.Notices.Where(n => n.Reason is Reason.ScalingReplicaSet or Reason.RolloutNotCompleted).Select(n => n.Message).ToList();
        Assert.Equal(
            [
                $"Rollout not completed, started update to revision 1 ({world.Revision(1).Hash})",
                $"Scaled up ReplicaSet {world.Revision(1).Name} (revision 1) from 0 to 2",
                $"Rollout not completed, started update to revision 2 ({world.Revision(2).Hash})",
                $"Scaled up ReplicaSet {world.Revision(2).Name} (revision 2) from 0 to 1",
            ],
            told);
    }

    [Fact]
    public void A_revision_that_comes_back_is_told_of_as_it_is_scaled()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        var before = world.Notices.Count;

        world.Update("1");
        world.Run();

        Assert.DoesNotContain(world.Notices.Skip(before), n => n.Reason == Reason.ScalingReplicaSet); // that is for the activity to tell
    }

    private static void AssertUpdated(World world, int pods)
    {
        world.Run();
        world.Update("2");
        AssertMade(world, pods);
    }

    private static void AssertMade(World world, int pods)
    {
        var before = world.Effects.Count;
        world.Run();

        var effects = world.Effects.Skip(before).ToList();
        var made = Assert.Single(effects.OfType<CreateReplicaSet>());
        Assert.Equal(pods, made.Replicas);
        if (pods > 0)
        {
            Assert.DoesNotContain(effects.OfType<ScaleReplicaSets>().SelectMany(s => s.Targets), t => t.Name == made.Name && t.Replicas == pods);
        }
    }
}
