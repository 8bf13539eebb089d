using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing.Routers;

namespace DaprRollouts.Core.Routing;

/// <summary>All routers, in the order in which they are brought up to date where a Rollout uses several.</summary>
public static class TrafficRouters
{
    private static readonly ITrafficRouter[] All =
    [
        new IstioRouter(),
        new NginxRouter(),
        new AlbRouter(),
        new SmiRouter(),
        new AmbassadorRouter(),
        new AppMeshRouter(),
        new TraefikRouter(),
        new ApisixRouter(),
        new GatewayApiRouter(),
    ];

    /// <summary>The routers that a Rollout uses.</summary>
    public static IEnumerable<ITrafficRouter> Of(RolloutView rollout) =>
        rollout.Spec.Strategy?.Canary?.TrafficRouting is { } routing ? All.Where(r => r.IsFor(routing)) : [];

    /// <summary>The objects that the routers of a Rollout work on.</summary>
    public static RouterReads Reads(RolloutView rollout)
    {
        var reads = Of(rollout).Select(r => r.Reads(rollout)).ToList();
        return new RouterReads([.. reads.SelectMany(r => r.Objects)], [.. reads.SelectMany(r => r.Selections)]);
    }

    /// <summary>What is wrong with the settings of a Rollout's routers, or with the objects that they refer to where somebody has looked at these, or null.</summary>
    public static string? Error(RolloutView rollout, RouteObjects objects) =>
        Of(rollout).Select(r => r.Misconfigured(rollout) ?? (objects == RouteObjects.Unseen ? null : r.Error(rollout, objects))).FirstOrDefault(e => e is not null);

    /// <summary>The changes that lead to a target.</summary>
    public static RoutePlan Plan(TrafficTarget target, RouteObjects objects)
    {
        List<RouteChange> changes = [];
        try
        {
            foreach (var router in Of(target.Rollout))
            {
                changes.AddRange(router.Plan(target, objects));
            }

            return new RoutePlan(changes, null);
        }
        catch (RoutingException e)
        {
            return new RoutePlan(changes, new Notice(e.Reason, e.Message, IsWarning: true));
        }
    }

    /// <summary>The change by which a Rollout lets go of an object that it told its pods apart with.</summary>
    public static RouteChange Release(RouteObject which, JsonObject value)
    {
        var after = (JsonObject)value.DeepClone();
        (after["metadata"]?["annotations"] as JsonObject)?.Remove(ArgoNames.ManagedByRollouts);
        foreach (var subset in RouteJson.Items(after["spec"]?["subsets"]))
        {
            (subset["labels"] as JsonObject)?.Remove(ArgoNames.PodTemplateHash);
        }

        return new RouteChange(which, value, after);
    }

    /// <summary>Whether any router of a Rollout says that weights are in force; null if none can tell.</summary>
    public static bool? Verified(RolloutView rollout) => Of(rollout).Any(r => r is GatewayApiRouter) ? true : null;
}

/// <summary>What to change, and what stands in the way of the rest.</summary>
public sealed record RoutePlan(IReadOnlyList<RouteChange> Changes, Notice? Problem);
