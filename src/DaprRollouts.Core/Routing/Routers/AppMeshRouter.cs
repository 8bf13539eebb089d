using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>AWS App Mesh: weights in a virtual router, and virtual nodes that tell pods apart by hash.</summary>
internal sealed class AppMeshRouter : ITrafficRouter
{
    private const string Group = "appmesh.k8s.aws";
    private const string Version = "v1beta2";
    private const string Path = "spec.strategy.canary.trafficRouting.appMesh.virtualService.name";

    private static readonly string[] Protocols = ["httpRoute", "tcpRoute", "http2Route", "grpcRoute"];

    private static readonly RouteKind VirtualServices = new(Group, "virtualservices", "VirtualService", Version);
    private static readonly RouteKind VirtualRouters = new(Group, "virtualrouters", "VirtualRouter", Version);
    private static readonly RouteKind VirtualNodes = new(Group, "virtualnodes", "VirtualNode", Version);

    public bool IsFor(TrafficRouting routing) => routing.AppMesh is not null;

    // The virtual router is known only through the virtual service: all of the namespace are read.
    public RouterReads Reads(RolloutView rollout) => new(
        [Service(rollout), Node(rollout, canary: true), Node(rollout, canary: false)],
        new RouteSelection(VirtualRouters, rollout.Namespace, new LabelSelector()));

    public string? Error(RolloutView rollout, RouteObjects objects)
    {
        var which = Service(rollout);
        if (objects.Find(which) is not { } service)
        {
            return FieldError.Invalid(Path, which.Name, $"{VirtualServices.FullName} \"{which.Name}\" not found");
        }

        if (Router(which, service) is not { } router || objects.Find(router) is not { } routed)
        {
            return FieldError.Invalid(Path, which.Name, $"the virtual router that virtual service \"{which.Name}\" refers to was not found");
        }

        var routes = RouteJson.Items(routed["spec"]?["routes"]).ToList();
        return routes.Count == 0
            ? FieldError.Invalid(Path, which.Name, $"virtual router \"{router.Name}\" has no routes")
            : routes.Any(r => Targets(r).Count != 2)
                ? FieldError.Invalid(Path, which.Name, $"each route of virtual router \"{router.Name}\" must have exactly two weighted targets")
                : null;
    }

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        var hashes = Hashes(target, objects);
        var weight = Weights(target, objects);
        return target.WeightFirst ? weight.Concat(hashes) : hashes.Concat(weight);
    }

    // App Mesh refuses two nodes with one selector: a hash that is not there yet, or the same as the other, gets a text that selects nothing.
    private static IEnumerable<RouteChange> Hashes(TrafficTarget target, RouteObjects objects)
    {
        var stable = target.StableHash.Length == 0 ? "stable-hash" : target.StableHash;
        var canary = target.CanaryHash.Length == 0 || target.CanaryHash == target.StableHash ? "canary-hash" : target.CanaryHash;
        return SetHash(Node(target.Rollout, canary: false), stable, objects).Concat(SetHash(Node(target.Rollout, canary: true), canary, objects));
    }

    private static IEnumerable<RouteChange> SetHash(RouteObject node, string hash, RouteObjects objects) =>
        RouteJson.Changed(node, RouteJson.Required(objects, node, "VirtualNodeNotFound"), after =>
            RouteJson.Member(RouteJson.Member(RouteJson.Member(after, "spec"), "podSelector"), "matchLabels")[ArgoNames.PodTemplateHash] = hash);

    private static IEnumerable<RouteChange> Weights(TrafficTarget target, RouteObjects objects)
    {
        var service = Service(target.Rollout);
        var router = Router(service, RouteJson.Required(objects, service, "VirtualServiceNotFound"))
            ?? throw new RoutingException($"virtual service \"{service.Name}\" has no provider.virtualRouter", "VirtualRouterNotFound");
        var only = target.Routing.AppMesh!.VirtualService!.Routes;
        return RouteJson.Changed(router, RouteJson.Required(objects, router, "VirtualRouterNotFound"), after =>
        {
            foreach (var route in RouteJson.Items(after["spec"]?["routes"]).Where(r => only is null or { Count: 0 } || only.Contains(RouteJson.Text(r["name"]))))
            {
                foreach (var weighted in Targets(route))
                {
                    Weigh(target, weighted);
                }
            }
        });
    }

    private static void Weigh(TrafficTarget target, JsonObject weighted)
    {
        var node = weighted["virtualNodeRef"];
        var ns = RouteJson.Text(node?["namespace"]);
        if (ns.Length > 0 && ns != target.Rollout.Namespace)
        {
            return;
        }

        var name = RouteJson.Text(node?["name"]);
        if (name == Node(target.Rollout, canary: true).Name)
        {
            weighted["weight"] = target.Weight;
        }
        else if (name == Node(target.Rollout, canary: false).Name)
        {
            weighted["weight"] = target.StableWeight;
        }
    }

    private static List<JsonObject> Targets(JsonObject route) =>
        [.. RouteJson.Items(Protocols.Select(p => route[p]).FirstOrDefault(r => r is not null)?["action"]?["weightedTargets"])];

    private static RouteObject Service(RolloutView rollout) => new(VirtualServices, rollout.Namespace, Settings(rollout).VirtualService?.Name ?? "");

    private static RouteObject Node(RolloutView rollout, bool canary)
    {
        var nodes = Settings(rollout).VirtualNodeGroup;
        return new RouteObject(VirtualNodes, rollout.Namespace, (canary ? nodes?.CanaryVirtualNodeRef : nodes?.StableVirtualNodeRef)?.Name ?? "");
    }

    private static RouteObject? Router(RouteObject service, JsonObject value)
    {
        var reference = value["spec"]?["provider"]?["virtualRouter"]?["virtualRouterRef"];
        var ns = RouteJson.Text(reference?["namespace"]);
        return reference is null ? null : new RouteObject(VirtualRouters, ns.Length > 0 ? ns : service.Namespace, RouteJson.Text(reference["name"]));
    }

    private static AppMeshTrafficRouting Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.AppMesh!;
}
