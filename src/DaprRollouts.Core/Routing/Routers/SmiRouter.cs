using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>SMI: a TrafficSplit that belongs to the Rollout.</summary>
internal sealed class SmiRouter : ITrafficRouter
{
    // Quantities up to the first version, numbers since.
    private const string WeightsAreTexts = "v1alpha1";

    private static readonly RouteKind TrafficSplits = new("split.smi-spec.io", "trafficsplits", "TrafficSplit", WeightsAreTexts, "v1alpha2", "v1alpha3");

    public bool IsFor(TrafficRouting routing) => routing.Smi is not null;

    public RouterReads Reads(RolloutView rollout) => new([Split(rollout)]);

    public string? Error(RolloutView rollout, RouteObjects objects) => null;

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        var which = Split(target.Rollout);
        var spec = new JsonObject
        {
            ["service"] = target.Routing.Smi!.RootService is { Length: > 0 } root ? root : target.StableService,
            ["backends"] = Backends(target, objects.Version(TrafficSplits) == WeightsAreTexts),
        };
        if (objects.Find(which) is not { } split)
        {
            var made = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = which.Name, ["ownerReferences"] = RouteJson.OwnedBy(target.Rollout) },
                ["spec"] = spec,
            };
            return [new RouteChange(which, null, made, new Notice("TrafficSplitCreated", $"TrafficSplit `{which.Name}` created"))];
        }

        if (!RouteJson.IsOwnedBy(split, target.Rollout))
        {
            throw new RoutingException($"Rollout does not own TrafficSplit `{which.Name}`");
        }

        return RouteJson.Changed(which, split, after =>
        {
            var current = RouteJson.Member(after, "spec");
            current["service"] = spec["service"]!.DeepClone();
            current["backends"] = spec["backends"]!.DeepClone();
        });
    }

    private static RouteObject Split(RolloutView rollout)
    {
        var name = rollout.Spec.Strategy?.Canary?.TrafficRouting?.Smi?.TrafficSplitName;
        return new RouteObject(TrafficSplits, rollout.Namespace, string.IsNullOrEmpty(name) ? rollout.Name : name);
    }

    private static JsonArray Backends(TrafficTarget target, bool asText)
    {
        JsonObject Backend(string? service, int weight) => new()
        {
            ["service"] = service,
            ["weight"] = asText ? JsonValue.Create($"{weight}") : JsonValue.Create(weight),
        };

        return
        [
            Backend(target.CanaryService, target.Weight),
            .. target.Additional.Select(a => Backend(a.ServiceName, a.Weight)),
            Backend(target.StableService, target.StableWeight),
        ];
    }
}
