using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Random rollouts whose traffic a router shares out: what must never happen does not, and in the end all is as was asked for last.</summary>
public sealed class RoutedSafetyTests
{
    [Fact]
    public void Pods_that_a_ReplicaSet_counted_before_it_was_scaled_take_no_traffic()
    {
        var world = RoutedPlanningTests.Routed(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Weight(75), CanaryPlanningTests.Pause()], s => s with { DynamicStableScale = true });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((1, 75), (world.Revision(1).Size, world.Status.Canary!.Weights!.Canary.Weight));

        world.SetStatus(s => s with { Abort = true });
        world.Put(world.Revision(1) with { Size = 4, Available = 3, Observed = false });
        world.Settle();
        Assert.Equal(75, world.Status.Canary!.Weights!.Canary.Weight);

        world.Put(world.Revision(1) with { Available = 1, Observed = true });
        world.Run();
        Assert.Equal(0, world.Status.Canary!.Weights!.Canary.Weight);
    }

    [Fact]
    public void A_router_never_sends_more_than_the_pods_can_take_and_ends_where_it_should() =>
        Gen.Select(Gen.Int[1, 8], Stories.Steps, Gen.Bool, Gen.Int[0, 3], Gen.Bool, Stories.Any).Sample(
            (replicas, steps, dynamic, minimum, analysed, story) =>
            {
                var world = RoutedPlanningTests.Routed(
                    replicas,
                    steps,
                    c => c with { DynamicStableScale = dynamic, MinPodsPerReplicaSet = minimum == 0 ? null : minimum, Analysis = analysed ? HoldingTests.Background : null });
                world.Check = Check;
                world.Run();

                Stories.Play(world, story);
                SafetyPropertyTests.Finish(world);

                Assert.Equal(0, RoutedPlanningTests.RoutedWeight(world));
                Assert.Equal(world.Status.StableRs, world.Service("stable").Hash);
            },
            iter: Iterations);

    [Fact]
    public void An_abort_takes_all_traffic_from_a_routed_canary() =>
        Gen.Select(Gen.Int[1, 8], Stories.Steps, Gen.Bool, Stories.Any, Stories.OfPods).Sample(
            (replicas, steps, dynamic, before, after) =>
            {
                var world = RoutedPlanningTests.Routed(replicas, steps, c => c with { DynamicStableScale = dynamic });
                world.Check = Check;
                world.Run();
                Stories.Play(world, before);
                world.Spec(s => s with { Paused = false });
                if (world.Status.AbortedAt is not null)
                {
                    world.Settle(); // while an abort stands in the status, another one changes nothing there
                }

                world.SetStatus(s => s with { Abort = true, PromoteFull = null });
                var stable = world.Status.StableRs;

                Stories.Play(world, after);
                world.Run();
                world.Advance(TimeSpan.FromMinutes(1));
                world.Run();

                Assert.Equal(stable, world.Status.StableRs);
                Assert.Equal(0, RoutedPlanningTests.RoutedWeight(world));
                Assert.All(world.ReplicaSets, r => Assert.Equal(r.Hash == stable ? world.Rollout.Spec.Replicas : 0, r.Size));
            },
            iter: Iterations);

    private static long Iterations => long.Parse(Environment.GetEnvironmentVariable("PROPERTY_ITERATIONS") ?? "1000");

    // Pods die when they like: what is checked is what the planner does at that moment.
    private static void Check(World world, Effect effect)
    {
        var replicas = world.Rollout.Spec.Replicas ?? 1;
        switch (effect)
        {
            case SetWeight { Weight: var weight, CanaryHash: var hash }:
                var sinks = weight <= (world.Status.Canary?.Weights?.Canary.Weight ?? 0) && hash == world.Status.Canary?.Weights?.Canary.PodTemplateHash;
                Assert.True(weight == 0 || sinks || world.ReplicaSets.Any(r => r.Hash == hash && r.Available > 0), $"weight {weight} for a canary without pods");
                var stable = world.ReplicaSets.FirstOrDefault(r => r.Hash == world.Status.StableRs);
                Assert.True(stable is null || stable.Available >= (100 - weight) * replicas / 100, $"{100 - weight} % for {stable?.Available} of {replicas} stable pods");
                break;
            case ScaleReplicaSets scale when world.Status.Canary?.Weights is { } weights:
                foreach (var gone in scale.Targets.Where(t => t.Replicas == 0).Select(t => world.ReplicaSets.Single(r => r.Name == t.Name)))
                {
                    WeightDestination[] served = [weights.Canary, weights.Stable];
                    Assert.DoesNotContain(served, d => d.PodTemplateHash == gone.Hash && d.Weight > 0 && replicas > 0);
                }

                break;
        }
    }
}
