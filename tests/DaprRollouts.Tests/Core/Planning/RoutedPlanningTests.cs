using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Canaries whose traffic a router shares out.</summary>
public sealed class RoutedPlanningTests
{
    private static CanaryStep Scale(int? replicas = null, int? weight = null, bool? match = null) =>
        new() { SetCanaryScale = new SetCanaryScaleStep { Replicas = replicas, Weight = weight, MatchTrafficWeight = match } };

    private static CanaryStep Weight(int weight) => CanaryPlanningTests.Weight(weight);

    private static CanaryStep Pause() => CanaryPlanningTests.Pause();

    internal static World Routed(int replicas, IReadOnlyList<CanaryStep> steps, Func<CanaryStrategy, CanaryStrategy>? change = null)
    {
        var strategy = new CanaryStrategy
        {
            CanaryService = "canary", StableService = "stable", Steps = steps, TrafficRouting = new TrafficRouting { Smi = new SmiTrafficRouting() },
        };
        return new World(
            new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { Canary = change?.Invoke(strategy) ?? strategy } }, "canary", "stable");
    }

    [Fact]
    public void Pods_come_first_and_then_the_weight()
    {
        var world = Routed(10, [Weight(20), Pause(), Weight(60), Pause()]);
        world.Run();
        Assert.Equal(0, RoutedWeight(world));
        world.Update("2");
        world.Settle();
        Assert.Equal((2, 10), (world.Revision(2).Size, world.Revision(1).Size));

        world.MakeAvailable(1);
        world.Settle();
        Assert.Equal(0, RoutedWeight(world));

        world.Run();
        Assert.Equal(20, RoutedWeight(world));
        Assert.Equal((1, 20, 80), (world.Status.CurrentStepIndex, world.Status.Canary!.Weights!.Canary.Weight, world.Status.Canary.Weights.Stable.Weight));
        Assert.Equal(world.Revision(2).Hash, world.Service("canary").Hash);
        Assert.Equal(world.Revision(1).Hash, world.Service("stable").Hash);
    }

    [Fact]
    public void Steps_that_want_less_than_the_canary_has_take_the_weight_back_and_then_the_pods()
    {
        var world = Routed(4, [Weight(80), Pause()], c => c with { DynamicStableScale = true });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((4, 1, 80), (world.Revision(2).Size, world.Revision(1).Size, RoutedWeight(world)));

        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Steps = [Weight(50), Pause()] } } });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 2, 2, 50), (world.Status.Phase, world.Revision(2).Size, world.Revision(1).Size, RoutedWeight(world)));
    }

    [Fact]
    public void A_promotion_turns_the_stable_service_and_takes_the_weight_back()
    {
        var world = Routed(4, [Weight(50), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.Promote();

        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(world.Revision(2).Hash, world.Service("stable").Hash);
        Assert.Equal(0, RoutedWeight(world));
        Assert.Equal(4, world.Revision(1).Size);
        Assert.Equal(world.Now + TimeSpan.FromSeconds(30), world.Revision(1).ScaleDownDeadline!.Value, TimeSpan.FromSeconds(1));
        world.Advance(TimeSpan.FromSeconds(31));
        world.Run();
        Assert.Equal(0, world.Revision(1).Size);
    }

    [Fact]
    public void An_abort_moves_traffic_first_and_keeps_pods_for_a_while()
    {
        var world = Routed(4, [Weight(50), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.Effects.Clear();
        world.SetStatus(s => s with { Abort = true });

        world.Run();

        Assert.Equal(0, RoutedWeight(world));
        Assert.Equal(2, world.Revision(2).Size);
        Assert.NotNull(world.Revision(2).ScaleDownDeadline);
        Assert.Equal(world.Revision(1).Hash, world.Service("canary").Hash);
        world.Advance(TimeSpan.FromSeconds(31));
        world.Run();
        Assert.Equal(0, world.Revision(2).Size);
        Assert.True(world.Effects.FindIndex(e => e is SetWeight) < world.Effects.FindIndex(e => e is ScaleReplicaSets));
    }

    [Fact]
    public void A_canary_service_does_not_flap_after_an_abort()
    {
        var world = Routed(4, [Weight(50), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.Effects.Clear();
        world.SetStatus(s => s with { Abort = true });

        world.Run();

        Assert.Single(world.Effects.OfType<SwitchServices>());
    }

    [Fact]
    public void An_explicit_abort_delay_of_zero_keeps_the_pods()
    {
        var world = Routed(4, [Weight(50), Pause()], c => c with { AbortScaleDownDelaySeconds = 0 });
        world.Run();
        world.Update("2");
        world.Run();
        world.SetStatus(s => s with { Abort = true });

        world.Run();
        world.Advance(TimeSpan.FromHours(1));
        world.Run();

        Assert.Equal(2, world.Revision(2).Size);
    }

    [Fact]
    public void A_smaller_weight_does_not_wait_for_pods_to_go()
    {
        var world = Routed(10, [Weight(60), Pause(), Weight(20), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.Effects.Clear();
        world.Promote();

        world.Run();

        Assert.Equal((20, 2), (RoutedWeight(world), world.Revision(2).Size));
        Assert.True(world.Effects.FindIndex(e => e is SetWeight) < world.Effects.FindIndex(e => e is ScaleReplicaSets));
    }

    [Fact]
    public void A_scale_of_its_own_sizes_the_canary_apart_from_its_weight()
    {
        var world = Routed(4, [Scale(weight: 50), Pause(), Scale(replicas: 3), Weight(25), Pause(), Scale(match: true), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((2, 0), (world.Revision(2).Size, RoutedWeight(world)));
        world.Promote();
        world.Run();
        Assert.Equal((3, 25), (world.Revision(2).Size, RoutedWeight(world)));
        world.Promote();
        world.Run();
        Assert.Equal((1, 25), (world.Revision(2).Size, RoutedWeight(world)));
    }

    [Fact]
    public void A_stable_that_gives_pods_away_gets_them_back_before_the_weight_goes()
    {
        var world = Routed(10, [Weight(90), Pause()], c => c with { DynamicStableScale = true });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((9, 1), (world.Revision(2).Size, world.Revision(1).Size));
        world.SetStatus(s => s with { Abort = true });

        world.Settle();
        Assert.Equal(10, world.Revision(1).Size);
        Assert.Equal(90, RoutedWeight(world));
        world.MakeAvailable(4);
        world.Settle();
        Assert.Equal(50, RoutedWeight(world));
        Assert.Equal(world.Revision(2).Hash, world.Service("canary").Hash);

        world.Run();
        Assert.Equal((0, 0), (RoutedWeight(world), world.Revision(2).Size));
        Assert.Equal(world.Revision(1).Hash, world.Service("canary").Hash);
    }

    [Fact]
    public void An_aborted_canary_that_has_crashed_gives_its_weight_back_as_stable_can_take_it()
    {
        var world = Routed(10, [Weight(50), Pause()], c => c with { DynamicStableScale = true });
        world.Run();
        world.Update("2");
        world.Run();
        world.Broken.Add(world.Revision(2).Hash);
        world.Fail(world.Revision(2).Name, 5);
        world.SetStatus(s => s with { Abort = true });

        world.Settle();
        Assert.Equal((50, 5), (RoutedWeight(world), world.Revision(2).Size));
        world.MakeAvailable(2);
        world.Settle();
        Assert.Equal((30, 3), (RoutedWeight(world), world.Revision(2).Size));

        world.Run();
        Assert.Equal((0, 0), (RoutedWeight(world), world.Revision(2).Size));
    }

    [Fact]
    public void A_newer_revision_does_not_serve_what_the_one_before_it_has_of_the_traffic()
    {
        var world = Routed(10, [Weight(50), Pause()], c => c with { DynamicStableScale = true });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((50, 5), (RoutedWeight(world), world.Revision(1).Size));

        world.Update("3");
        world.Settle();
        world.MakeAvailable(1);
        world.Settle();
        Assert.Equal((world.Revision(2).Hash, 5), (world.Service("canary").Hash, world.Revision(2).Available));

        world.Run();
        Assert.Equal((world.Revision(3).Hash, 50), (world.Service("canary").Hash, RoutedWeight(world)));
        Assert.Equal((0, 5), (world.Revision(2).Size, world.Revision(3).Available));
    }

    [Fact]
    public void A_missing_object_blocks_with_a_reason_and_touches_no_pod()
    {
        var world = Routed(2, [Weight(50), Pause()], c => c with
        {
            TrafficRouting = new TrafficRouting { Traefik = new TraefikTrafficRouting { WeightedTraefikServiceName = "shop" } },
        });
        world.Run();
        world.Update("2");
        world.Run();

        var decision = Planner.Decide(world.Seen, world.Now);

        Assert.Contains("traefikservices.traefik.io \"shop\" not found", Assert.IsType<Wait>(decision.Move).For);
        Assert.Equal(Reason.TrafficRoutingError, decision.Problem?.Reason);
        Assert.Equal((2, 0), (world.Revision(1).Size, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void What_somebody_else_wrote_into_a_route_is_put_right()
    {
        var world = Routed(2, [Weight(50), Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.Routes.Values.Single()["spec"]!["backends"]![0]!["weight"] = "99";

        world.Run();

        Assert.Equal(50, RoutedWeight(world));
    }

    [Fact]
    public void A_step_may_set_a_header_route_and_a_mirror_route_at_once()
    {
        var both = new CanaryStep
        {
            SetHeaderRoute = new SetHeaderRouteStep { Name = "header", Match = [new HeaderRoutingMatch { HeaderName = "x", HeaderValue = new StringMatch { Exact = "1" } }] },
            SetMirrorRoute = new SetMirrorRouteStep { Name = "mirror", Match = [new RouteMatch { Method = new StringMatch { Exact = "GET" } }] },
        };
        var world = Routed(2, [both, Weight(50), Pause()], c => c with
        {
            TrafficRouting = new TrafficRouting
            {
                Istio = new IstioTrafficRouting { VirtualService = new IstioVirtualService { Name = "web" } }, ManagedRoutes = [new ManagedRoute { Name = "mirror" }, new ManagedRoute { Name = "header" }],
            },
        });
        var which = TrafficRouters.Reads(world.Rollout).Objects.Single();
        world.Put(which, (JsonObject)JsonNode.Parse("""
            {"metadata": {"name": "web"}, "spec": {"http": [{"name": "main", "route": [{"destination": {"host": "stable"}}, {"destination": {"host": "canary"}}]}]}}
            """)!);
        world.Run();
        world.Update("2");
        world.Run();

        Assert.Equal(["mirror", "header", "main"], world.Routes[which]["spec"]!["http"]!.AsArray().Select(r => r!["name"]!.ToString()));
    }

    /// <summary>The canary's weight as the TrafficSplit has it.</summary>
    internal static int RoutedWeight(World world) => int.Parse(world.Routes.Values.Single()["spec"]!["backends"]![0]!["weight"]!.ToString());
}
