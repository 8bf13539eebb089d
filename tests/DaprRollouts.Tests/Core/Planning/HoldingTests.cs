using CsCheck;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What waits for somebody is not moved by pods, time, analyses and autoscalers.</summary>
public sealed class HoldingTests
{
    [Fact]
    public void An_endless_pause_of_a_canary_ends_by_somebody_only() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 99], Gen.Bool, Gen.Bool, Stories.OfNature).Sample(
            (replicas, weight, routed, background, story) =>
            {
                CanaryStep[] steps = [CanaryPlanningTests.Weight(weight), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(100)];
                var world = routed ? RoutedPlanningTests.Routed(replicas, steps) : CanaryPlanningTests.Canary(replicas, steps, 1, 0);
                if (background)
                {
                    world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = Background } } });
                }

                Hold(world, story);
                Assert.True(world.Status.CurrentStepIndex is 0 or 1, $"at step {world.Status.CurrentStepIndex}");
            },
            iter: SafetyPropertyTests.Iterations / 2);

    [Fact]
    public void An_endless_pause_of_a_blue_green_rollout_ends_by_somebody_only() =>
        Gen.Select(SafetyPropertyTests.BlueGreen, Stories.OfNature).Sample(
            (world, story) =>
            {
                world.Spec(s => s with { Strategy = new RolloutStrategy { BlueGreen = s.Strategy!.BlueGreen! with { AutoPromotionEnabled = false } } });
                Hold(world, story);
                Assert.Equal(world.Status.StableRs, world.Service("active").Hash);
            },
            iter: SafetyPropertyTests.Iterations / 2);

    internal static BackgroundAnalysis Background { get; } = new() { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] };

    private static void Hold(World world, (Event What, int Number, int Decisions)[] story)
    {
        world.Run();
        var stable = world.Status.StableRs;
        world.Update("2");
        world.Run();

        Stories.Play(world, story);
        world.Run();
        world.Advance(TimeSpan.FromHours(1));
        world.Run();

        Assert.Equal(stable, world.Status.StableRs);
    }
}
