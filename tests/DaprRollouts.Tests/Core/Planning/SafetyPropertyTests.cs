using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Random rollouts, with users and pods that do what they like: what must never happen does not, and in the end all is as was asked for last.</summary>
public sealed class SafetyPropertyTests
{
    [Fact]
    public void A_canary_never_exceeds_its_bounds_and_ends_where_it_should() =>
        Gen.Select(Gen.Int[0, 8], Stories.Steps, Gen.Int[0, 3], Gen.Int[0, 3], Stories.Any).Where(t => t.Item3 + t.Item4 > 0).Sample(
            (replicas, steps, surge, unavailable, story) =>
            {
                var world = CanaryPlanningTests.Canary(replicas, steps, surge, unavailable);
                Guard(world);
                world.Run();
                Stories.Play(world, story);
                Finish(world);
            },
            iter: Iterations);

    [Fact]
    public void A_blue_green_service_never_selects_pods_that_cannot_serve_and_ends_where_it_should() =>
        Gen.Select(BlueGreen, Stories.Any).Sample(
            (world, story) =>
            {
                world.Check = CheckBlueGreen;
                world.Run();
                Stories.Play(world, story);
                Finish(world);
                Assert.Equal(world.Status.CurrentPodHash, world.Service("active").Hash);
            },
            iter: Iterations);

    [Fact]
    public void An_abort_of_a_canary_wins_at_any_moment_over_everything_but_a_retry_and_a_full_promotion() =>
        Gen.Select(Gen.Int[1, 8], Stories.Steps, Gen.Int[0, 3], Gen.Int[0, 3], Stories.Any, Stories.OfPods).Where(t => t.Item3 + t.Item4 > 0).Sample(
            (replicas, steps, surge, unavailable, before, after) =>
            {
                var world = CanaryPlanningTests.Canary(replicas, steps, surge, unavailable);
                Guard(world);
                world.Run();
                Stories.Play(world, before);
                AbortAndCheck(world, after);
            },
            iter: Iterations);

    [Fact]
    public void An_abort_of_a_blue_green_wins_at_any_moment_over_everything_but_a_retry_and_a_full_promotion() =>
        Gen.Select(BlueGreen, Stories.Any, Stories.OfPods).Sample(
            (world, before, after) =>
            {
                world.Check = CheckBlueGreen;
                world.Run();
                Stories.Play(world, before);
                AbortAndCheck(world, after);
                Assert.Equal(world.Status.StableRs, world.Service("active").Hash);
            },
            iter: Iterations);

    [Fact]
    public void An_abort_behind_a_router_wins_at_any_moment_over_everything_but_a_retry_and_a_full_promotion() =>
        Gen.Select(Gen.Int[1, 8], Stories.Steps, Gen.Bool, Stories.Any, Stories.OfPods).Sample(
            (replicas, steps, isDynamic, before, after) =>
            {
                var world = RoutedPlanningTests.Routed(replicas, steps, c => c with { DynamicStableScale = isDynamic ? true : null });
                world.Run();
                Stories.Play(world, before);
                AbortAndCheck(world, after);
                Assert.Equal(0, world.Status.Canary?.Weights?.Canary.Weight ?? 0);
                Assert.Equal(world.Status.StableRs, world.Service("stable").Hash);
            },
            iter: Iterations);

    internal static Gen<World> BlueGreen { get; } = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[0, 20], Gen.Int[0, 3], Gen.Bool).Select(
        (replicas, automatic, delay, preview, analyses) =>
        {
            var analysis = analyses ? new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] } : null;
            var strategy = new BlueGreenStrategy
            {
                ActiveService = "active",
                PreviewService = "preview",
                AutoPromotionEnabled = automatic,
                ScaleDownDelaySeconds = delay,
                PreviewReplicaCount = preview == 0 ? null : preview,
                PrePromotionAnalysis = analysis,
                PostPromotionAnalysis = analysis,
            };
            return new World(new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { BlueGreen = strategy } }, "active", "preview");
        });

    internal static long Iterations => long.Parse(Environment.GetEnvironmentVariable("PROPERTY_ITERATIONS") ?? "500");

    private static void AbortAndCheck(World world, (Event What, int Number, int Decisions)[] after)
    {
        world.Spec(s => s with { Paused = false });
        if (world.Status.AbortedAt is not null)
        {
            world.Settle(); // while an abort stands in the status, another one changes nothing there
        }

        world.SetStatus(s => s with { Abort = true, PromoteFull = s.AbortedAt is null ? s.PromoteFull : null });
        var stable = world.Status.StableRs;

        Stories.Play(world, after);
        world.Run();
        world.Advance(TimeSpan.FromMinutes(2));
        world.Run();

        Assert.Equal(stable, world.Status.StableRs);
        Assert.All(world.ReplicaSets, r => Assert.Equal(r.Hash == stable ? world.Rollout.Spec.Replicas : 0, r.Size));
        Assert.All(world.ReplicaSets, r => Assert.Equal(r.Size, r.Available));
    }

    /// <summary>The last word is a full promotion, so that every story has an end.</summary>
    internal static void Finish(World world)
    {
        world.Spec(s => s with { Paused = false });
        world.Settle();
        world.SetStatus(s => s.StableRs == s.CurrentPodHash ? s : s with { PromoteFull = true });
        world.Run();
        world.Advance(TimeSpan.FromMinutes(1));
        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(world.Status.CurrentPodHash, world.Status.StableRs);
        Assert.All(world.ReplicaSets, r => Assert.Equal(r.Hash == world.Status.StableRs ? world.Rollout.Spec.Replicas : 0, r.Size));
    }

    // What is planned never makes more pods than the surge allows, nor fewer that can serve than may be missing.
    private static void Guard(World world)
    {
        var available = 0;
        world.Before = (w, _) => available = w.ReplicaSets.Sum(r => r.Available);
        world.Check = (w, effect) =>
        {
            if (effect is not ScaleReplicaSets scale)
            {
                return;
            }

            var replicas = w.Rollout.Spec.Replicas ?? 1;
            var canary = w.Rollout.Spec.Strategy!.Canary!;
            var (surge, unavailable) = Percentage.SurgeAndUnavailable(canary.MaxSurge, canary.MaxUnavailable, replicas);
            if (scale.Targets.Any(t => w.LastSize(t.Name) < t.Replicas))
            {
                Assert.True(w.ReplicaSets.Sum(r => r.Size) <= replicas + surge, $"{w.ReplicaSets.Sum(r => r.Size)} pods for {replicas}+{surge}");
            }

            var left = w.ReplicaSets.Sum(r => r.Available);
            Assert.True(left >= Math.Min(available, replicas - unavailable), $"{available} pods could serve, {left} are left of {replicas}-{unavailable}");
        };
    }

    private static void CheckBlueGreen(World world, Effect effect)
    {
        if (effect is SwitchServices switches && switches.Switches.Any(s => s.Service == "active"))
        {
            var target = world.ReplicaSets.Single(r => r.Hash == world.Service("active").Hash);
            Assert.True(target.Available > 0, "the active Service selects pods that cannot serve");
        }

        if (effect is ScaleReplicaSets scale && world.ReplicaSets.FirstOrDefault(r => r.Hash == world.Service("active").Hash) is { } active)
        {
            Assert.DoesNotContain(scale.Targets, t => t.Name == active.Name && t.Replicas < world.Rollout.Spec.Replicas);
        }
    }
}
