using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>Traefik: the weights in a TraefikService of the user's.</summary>
internal sealed class TraefikRouter : ITrafficRouter
{
    private static readonly RouteKind TraefikServices = new("traefik.io", "traefikservices", "TraefikService", "v1alpha1");

    public bool IsFor(TrafficRouting routing) => routing.Traefik is not null;

    public RouterReads Reads(RolloutView rollout) => new([Which(rollout)]);

    public string? Error(RolloutView rollout, RouteObjects objects) => null;

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        var which = Which(target.Rollout);
        return RouteJson.Changed(which, RouteJson.Required(objects, which), after =>
        {
            Entry(after, which, target.CanaryService)["weight"] = target.Weight;
            Entry(after, which, target.StableService)["weight"] = target.StableWeight;
        });
    }

    private static JsonObject Entry(JsonObject value, RouteObject which, string service) =>
        RouteJson.Items(value["spec"]?["weighted"]?["services"]).FirstOrDefault(s => RouteJson.Text(s["name"]) == service)
        ?? throw new RoutingException($"TraefikService `{which.Name}` has no service {service} among its spec.weighted.services");

    private static RouteObject Which(RolloutView rollout) =>
        new(TraefikServices, rollout.Namespace, rollout.Spec.Strategy!.Canary!.TrafficRouting!.Traefik!.WeightedTraefikServiceName ?? "");
}
