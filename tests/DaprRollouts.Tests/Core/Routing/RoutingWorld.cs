using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Tests.Core.Routing;

/// <summary>A Rollout's routing and the objects in a cluster, in memory.</summary>
internal sealed class RoutingWorld
{
    private readonly Dictionary<RouteObject, JsonObject> _objects = [];

    public RoutingWorld(string canary, params ReadOnlySpan<string> objects)
    {
        Rollout = new RolloutView
        {
            Namespace = "prod", Name = "shop", Uid = "u-1", Created = DateTimeOffset.UnixEpoch, Status = new RolloutStatus(),
            Spec = new RolloutSpec { Strategy = new RolloutStrategy { Canary = JsonSerializer.Deserialize<CanaryStrategy>(canary, ModelJson.Options) } },
        };
        foreach (var text in objects)
        {
            var value = (JsonObject)JsonNode.Parse(text)!;
            var name = value["metadata"]!["name"]!.ToString();
            var which = TrafficRouters.Reads(Rollout).Objects.FirstOrDefault(o => o.Name == name && o.Kind.Kind == value["kind"]!.ToString())
                ?? new RouteObject(TrafficRouters.Reads(Rollout).Selections.First(s => s.Kind.Kind == value["kind"]!.ToString()).Kind, "prod", name);
            _objects[which] = value;
        }
    }

    public RolloutView Rollout { get; }

    public string? Error => TrafficRouters.Error(Rollout, new RouteObjects(_objects, []));

    public List<Notice> Notices { get; } = [];

    public JsonObject this[string name] => _objects.Single(o => o.Key.Name == name).Value;

    public bool Has(string name) => _objects.Keys.Any(o => o.Name == name);

    /// <summary>Carries a weight out; the problem, if there is one. Doing so twice must change nothing the second time.</summary>
    public string? Set(int weight, string canary = "6f9c", string stable = "5d4b", string? routes = null, params WeightDestination[] additional)
    {
        var target = new TrafficTarget
        {
            Rollout = Rollout, Weight = weight, CanaryHash = canary, StableHash = stable, Additional = additional,
            Total = Rollout.Spec.Strategy!.Canary!.TrafficRouting!.MaxTrafficWeight ?? 100,
            Routes = routes is null ? [] : JsonSerializer.Deserialize<CanaryStep[]>(routes, ModelJson.Options)!,
            StablePingPong = PingPongTurn.Ping,
        };
        var plan = Plan(target);
        foreach (var change in plan.Changes)
        {
            if (change.Notice is { } notice)
            {
                Notices.Add(notice);
            }

            if (change.After is { } after)
            {
                _objects[change.Which] = (JsonObject)JsonNode.Parse(after.ToJsonString())!;
            }
            else
            {
                _objects.Remove(change.Which);
            }
        }

        Assert.Empty(Plan(target).Changes);
        return plan.Problem?.Message;
    }

    public static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {JsonNode.Parse(expected)!.ToJsonString()}\nactual   {actual?.ToJsonString()}");

    private RoutePlan Plan(TrafficTarget target) => TrafficRouters.Plan(target, new RouteObjects(_objects, []));
}
