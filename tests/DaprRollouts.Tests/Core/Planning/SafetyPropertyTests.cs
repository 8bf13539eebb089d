using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Random rollouts, with users and pods that do what they like: what must never happen does not, and in the end all is as was asked for last.</summary>
public sealed class SafetyPropertyTests
{
    private enum Act
    {
        PodsReady, PodFails, Scale, Update, Rollback, Abort, Retry, Promote, PromoteFull, Pause, Resume, Time,
    }

    private static readonly Gen<(Act Act, int Number)[]> Story =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 9]).Array[1, 25];

    private static readonly Gen<CanaryStep[]> Steps = Gen.OneOf(
        Gen.Int[0, 100].Select(CanaryPlanningTests.Weight),
        Gen.Const(CanaryPlanningTests.Pause()),
        Gen.Int[1, 60].Select(s => CanaryPlanningTests.Pause($"{s}s"))).Array[0, 6];

    [Fact]
    public void A_canary_never_exceeds_its_bounds_and_ends_where_it_should() =>
        Gen.Select(Gen.Int[0, 8], Steps, Gen.Int[0, 3], Gen.Int[0, 3], Story).Where(t => t.Item3 + t.Item4 > 0).Sample(
            (replicas, steps, surge, unavailable, story) =>
            {
                var world = CanaryPlanningTests.Canary(replicas, steps, surge, unavailable);
                world.Check = CheckCanary;
                Play(world, story);
                Finish(world);
            },
            iter: Iterations);

    [Fact]
    public void A_blue_green_service_never_selects_pods_that_cannot_serve_and_ends_where_it_should() =>
        Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[0, 20], Gen.Int[0, 3], Story).Sample(
            (replicas, automatic, delay, preview, story) =>
            {
                var strategy = new BlueGreenStrategy
                {
                    ActiveService = "active",
                    PreviewService = "preview",
                    AutoPromotionEnabled = automatic,
                    ScaleDownDelaySeconds = delay,
                    PreviewReplicaCount = preview == 0 ? null : preview,
                };
                var world = new World(new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { BlueGreen = strategy } }, "active", "preview");
                world.Check = CheckBlueGreen;
                Play(world, story);
                Finish(world);
                Assert.Equal(world.Status.CurrentPodHash, world.Service("active").Hash);
            },
            iter: Iterations);

    [Fact]
    public void An_abort_leads_to_stable_from_anywhere() =>
        Gen.Select(Gen.Int[1, 8], Steps, Story).Sample(
            (replicas, steps, story) =>
            {
                var world = CanaryPlanningTests.Canary(replicas, steps, 1, 0);
                Play(world, story);
                world.Spec(s => s with { Paused = false });
                world.SetStatus(s => s with { Abort = true, PromoteFull = null });
                var stable = world.Status.StableRs;

                world.Run();

                Assert.Equal(stable, world.Status.StableRs);
                Assert.All(world.ReplicaSets, r => Assert.Equal(r.Hash == stable ? world.Rollout.Spec.Replicas : 0, r.Size));
            },
            iter: Iterations);

    private static long Iterations => long.Parse(Environment.GetEnvironmentVariable("PROPERTY_ITERATIONS") ?? "3000");

    private static void Play(World world, (Act Act, int Number)[] story)
    {
        world.Run();
        foreach (var (act, number) in story)
        {
            Perform(world, act, number);
            world.Settle();
        }
    }

    private static void Perform(World world, Act act, int number)
    {
        switch (act)
        {
            case Act.PodsReady:
                world.MakeAvailable(number);
                break;
            case Act.PodFails when world.ReplicaSets.Where(r => r.Available > 0).ToList() is { Count: > 0 } alive:
                world.Fail(alive[number % alive.Count].Name, 1);
                break;
            case Act.Scale:
                world.Spec(s => s with { Replicas = number });
                break;
            case Act.Update:
                world.Update($"{number + 100}");
                break;
            case Act.Rollback:
                world.Update("1");
                break;
            case Act.Abort:
                world.SetStatus(s => s with { Abort = true });
                break;
            case Act.Retry:
                world.SetStatus(s => s with { Abort = false });
                break;
            case Act.Promote:
                world.Promote();
                break;
            case Act.PromoteFull:
                world.SetStatus(s => s.StableRs == s.CurrentPodHash ? s : s with { PromoteFull = true });
                break;
            case Act.Pause:
                world.Spec(s => s with { Paused = true });
                break;
            case Act.Resume:
                world.Spec(s => s with { Paused = false });
                break;
            case Act.Time:
                world.Advance(TimeSpan.FromSeconds(number * 5));
                break;
        }
    }

    // The last word is a full promotion, so that every story has an end.
    private static void Finish(World world)
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

    private static void CheckCanary(World world, Effect effect)
    {
        if (effect is not ScaleReplicaSets scale)
        {
            return;
        }

        var replicas = world.Rollout.Spec.Replicas ?? 1;
        var canary = world.Rollout.Spec.Strategy!.Canary!;
        var (surge, _) = Percentage.SurgeAndUnavailable(canary.MaxSurge, canary.MaxUnavailable, replicas);
        var grew = scale.Targets.Any(t => t.Replicas > 0 && world.LastSize(t.Name) < t.Replicas);
        if (grew)
        {
            Assert.True(world.ReplicaSets.Sum(r => r.Size) <= replicas + surge, $"{world.ReplicaSets.Sum(r => r.Size)} pods for {replicas}+{surge}");
        }
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
