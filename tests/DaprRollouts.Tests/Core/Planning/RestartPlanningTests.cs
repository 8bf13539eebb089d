using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class RestartPlanningTests
{
    [Theory]
    [InlineData(3, "2", 2)]
    [InlineData(3, "100%", 3)]
    [InlineData(4, "75%", 3)]
    public void As_many_pods_go_at_once_as_may_be_missing(int replicas, string unavailable, int first)
    {
        var world = Canary(replicas, unavailable.EndsWith('%') ? unavailable : int.Parse(unavailable));
        world.Run();

        Restart(world);
        world.Settle();

        Assert.Equal(first, Evictions(world)[0].Pods.Count);
        world.Run();
        AssertDone(world);
    }

    [Fact]
    public void A_single_pod_is_joined_by_another_before_it_goes()
    {
        var world = Canary(1, 0);
        world.Run();
        Restart(world);

        world.Settle();
        Assert.Equal((2, 1), (world.Revision(1).Size, world.Revision(1).Available));
        Assert.Empty(Evictions(world));

        var least = int.MaxValue;
        world.Check = (w, _) => least = Math.Min(least, w.Revision(1).Available);
        world.Run();

        AssertDone(world);
        Assert.Equal((1, 1), (least, world.Revision(1).Size));
    }

    [Fact]
    public void What_is_asked_for_is_never_undercut_behind_an_active_service()
    {
        var world = new World(
            new RolloutSpec { Replicas = 3, Strategy = new RolloutStrategy { BlueGreen = new BlueGreenStrategy { ActiveService = "active" } } }, "active");
        world.Run();
        Restart(world);
        var least = int.MaxValue;
        world.Check = (w, _) => least = Math.Min(least, w.Revision(1).Available);

        world.Run();

        AssertDone(world);
        Assert.Equal((3, 3), (least, world.Revision(1).Size));
    }

    [Fact]
    public void Both_revisions_of_an_update_are_restarted()
    {
        var world = Canary(4, 1, CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause());
        world.Run();
        world.Update("2");
        world.Run();
        Restart(world);

        world.Run();

        AssertDone(world);
        Assert.Equal((RolloutPhase.Paused, 3, 1), (world.Status.Phase, world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void A_small_canary_behind_a_router_is_never_without_a_pod()
    {
        var world = RoutedPlanningTests.Routed(10, [CanaryPlanningTests.Weight(10), CanaryPlanningTests.Pause()], c => c with { MaxUnavailable = 2 });
        world.Run();
        world.Update("2");
        world.Run();
        Restart(world);
        var (stable, canary) = (int.MaxValue, int.MaxValue);
        world.Check = (w, _) => (stable, canary) = (Math.Min(stable, w.Revision(1).Available), Math.Min(canary, w.Revision(2).Available));

        world.Run();

        AssertDone(world);
        Assert.Equal((8, 1), (stable, canary));
        Assert.Equal((10, 1), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void Pods_that_cannot_serve_are_missed_by_nobody()
    {
        var world = Canary(3, 1);
        world.Run();
        world.Broken.Add(world.Revision(1).Hash);
        world.Fail(world.Revision(1).Name, 1);
        Restart(world);

        world.Settle();

        Assert.Single(Evictions(world).SelectMany(e => e.Pods));
        Assert.Equal(2, world.Revision(1).Available);
    }

    [Fact]
    public void A_restart_in_the_future_is_awaited()
    {
        var world = Canary(1, 1);
        world.Run();
        world.Spec(s => s with { RestartAt = world.Now.AddMinutes(5) });

        var wait = world.Run();

        Assert.Equal((world.Now.AddMinutes(5), "rollout is restarting"), (wait.Until, world.Status.Message));
        world.Advance(TimeSpan.FromMinutes(5));
        world.Run();
        AssertDone(world);
    }

    [Fact]
    public void Without_pods_it_is_done_at_once()
    {
        var world = Canary(0, 1);
        world.Run();
        Restart(world);

        world.Settle();

        AssertDone(world);
    }

    [Fact]
    public void A_new_template_cancels_it()
    {
        var world = Canary(2, 1);
        world.Run();
        world.Advance(TimeSpan.FromSeconds(1));
        world.Spec(s => s with { RestartAt = world.Now, Template = World.Template("2") });

        world.Run();

        Assert.Equal(world.Rollout.Spec.RestartAt, world.Status.RestartedAt);
        Assert.Empty(Evictions(world));
    }

    [Fact]
    public void A_pod_that_a_disruption_budget_keeps_is_asked_for_again_later()
    {
        var world = Canary(1, 1);
        world.Run();
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(world.Seen.Pods);
        world.Pods.Replace(world.Pods.All.Single() with { RefusedUntil = world.Now.AddSeconds(30) });
        world.Spec(s => s with { RestartAt = world.Now });

        var wait = world.Run();
        Assert.Equal(world.Now.AddSeconds(30), wait.Until);
        Assert.Empty(Evictions(world));

        world.Advance(TimeSpan.FromSeconds(30));
        world.Run();
        AssertDone(world);
    }

    [Fact]
    public void Pods_that_were_refused_together_are_asked_for_together()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var first = RestartRules.AskAgain([], now);

        Assert.Equal(now.AddSeconds(30), first);
        Assert.Equal(first, RestartRules.AskAgain([first], now.AddSeconds(1)));
        Assert.Equal(now.AddSeconds(50), RestartRules.AskAgain([first], now.AddSeconds(20)));
    }

    [Fact]
    public void Pods_that_were_not_looked_at_lately_are_looked_at_first()
    {
        var world = Canary(1, 1);
        world.Run();
        Restart(world);

        var decision = Planner.Decide(world.Seen with { Pods = null }, world.Now);

        Assert.Equal([], Assert.IsType<RestartPods>(Assert.IsType<Perform>(decision.Move).Effect).Pods);
    }

    private static void Restart(World world)
    {
        Assert.NotNull(world.Seen.Pods); // they come into being when they are looked at
        world.Advance(TimeSpan.FromSeconds(1));
        world.Spec(s => s with { RestartAt = world.Now });
    }

    private static List<RestartPods> Evictions(World world) => [.. world.Effects.OfType<RestartPods>()];

    private static void AssertDone(World world)
    {
        Assert.Equal(world.Rollout.Spec.RestartAt, world.Status.RestartedAt);
        Assert.DoesNotContain(world.Pods.All, p => p.Created < world.Rollout.Spec.RestartAt);
        Assert.NotEqual("rollout is restarting", world.Status.Message);
    }

    private static World Canary(int replicas, IntOrString unavailable, params CanaryStep[] steps) => new(new RolloutSpec
    {
        Replicas = replicas, Strategy = new RolloutStrategy { Canary = new CanaryStrategy { Steps = steps, MaxUnavailable = unavailable, MaxSurge = 1 } },
    });
}
