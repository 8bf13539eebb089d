using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Canaries behind a router whose analysis came to no verdict: the traffic that they have is all they get until somebody decides.</summary>
public sealed class RoutedHoldingTests
{
    [Fact]
    public void An_update_that_has_no_step_left_keeps_its_weight_and_pods_until_it_is_promoted()
    {
        var world = HeldAfterTheLastStep(dynamic: false);
        Assert.Equal((RolloutPhase.Paused, world.Revision(1).Hash), (world.Status.Phase, world.Status.StableRs));
        Assert.Equal((50, 2, 4), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size, world.Revision(1).Size));

        world.Effects.Clear();
        world.Promote();
        world.Run();

        Assert.Contains(world.Effects, e => e is SetWeight { Weight: 100 });
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash, 4), (world.Status.Phase, world.Status.StableRs, world.Revision(2).Size));
        Assert.Equal((0, 100), (world.Status.Canary!.Weights!.Canary.Weight, world.Status.Canary.Weights.Stable.Weight));
        Assert.Equal(world.Revision(2).Hash, world.Service("stable").Hash);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_abort_takes_a_held_update_to_no_traffic(bool dynamic)
    {
        var world = HeldAfterTheLastStep(dynamic);
        world.SetStatus(s => s with { Abort = true });

        world.Run();

        Assert.Equal((RolloutPhase.Degraded, 0), (world.Status.Phase, RoutedPlanningTests.RoutedWeight(world)));
        Assert.Equal((world.Revision(1).Hash, 4), (world.Status.StableRs, world.Revision(1).Available));
    }

    [Fact]
    public void A_full_promotion_ends_a_hold()
    {
        var world = HeldAfterTheLastStep(dynamic: true);
        Assert.Equal((50, 2, 2), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size, world.Revision(1).Size));

        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void A_weight_whose_pods_are_still_coming_is_not_set_and_they_go_again()
    {
        var world = Analysed(10, dynamic: false, 0, CanaryPlanningTests.Weight(20), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(60));
        world.Update("2");
        world.Run();
        world.Promote();
        world.Settle();
        world.MakeAvailable(2);
        world.Settle();
        Assert.Equal((20, 6, 4), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size, world.Revision(2).Available));

        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal((20, 2), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size));

        world.Promote();
        world.Run();
        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void Pods_of_a_held_update_follow_what_a_user_scales()
    {
        var world = HeldAfterTheLastStep(dynamic: false);

        world.Spec(s => s with { Replicas = 8 });
        world.Run();
        Assert.Equal((50, 4, 8), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size, world.Revision(1).Size));

        world.Spec(s => s with { Replicas = 2 });
        world.Run();
        Assert.Equal((50, 1, 2), (RoutedPlanningTests.RoutedWeight(world), world.Revision(2).Size, world.Revision(1).Size));
    }

    [Fact]
    public void No_weight_rises_while_an_analysis_is_inconclusive() =>
        Gen.Select(Gen.Int[1, 8], Stories.Steps, Gen.Bool, Stories.OfNature, Stories.OfNature).Sample(
            (replicas, steps, dynamic, before, after) =>
            {
                var world = Analysed(replicas, dynamic, 0, steps);
                world.Update("2");
                Stories.Play(world, before);
                world.Settle();
                if (world.Runs.FirstOrDefault(r => !r.IsCompleted) is not { } run || world.Status.StableRs == world.Status.CurrentPodHash)
                {
                    return;
                }

                world.EndRun(run.Name, AnalysisPhase.Inconclusive);
                world.Settle();
                var weight = RoutedPlanningTests.RoutedWeight(world);
                world.Check = (w, effect) =>
                {
                    Assert.False(effect is SetWeight { Weight: var next } && next > weight && w.Status.Abort is not true, $"more than {weight}");
                    weight = Math.Min(weight, RoutedPlanningTests.RoutedWeight(w));
                };

                Stories.Play(world, after);
                world.Run();
            },
            iter: SafetyPropertyTests.Iterations / 2);

    private static World HeldAfterTheLastStep(bool dynamic)
    {
        var world = Analysed(4, dynamic, 1, CanaryPlanningTests.Weight(50));
        world.Update("2");
        world.Settle();
        world.MakeAvailable(4);
        world.Settle();
        Assert.Equal((1, 50), (world.Status.CurrentStepIndex, RoutedPlanningTests.RoutedWeight(world)));
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        return world;
    }

    // Healthy, with a background analysis of updates.
    private static World Analysed(int replicas, bool dynamic, int startingStep, params IReadOnlyList<CanaryStep> steps)
    {
        var check = HoldingTests.Background with { StartingStep = startingStep };
        var world = RoutedPlanningTests.Routed(replicas, steps, c => c with { Analysis = check, DynamicStableScale = dynamic });
        world.Run();
        return world;
    }
}
