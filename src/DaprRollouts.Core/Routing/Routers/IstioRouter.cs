using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>Istio: weights in VirtualServices, and subsets of a DestinationRule that tell pods apart by hash. All are the user's, and are only changed.</summary>
internal sealed class IstioRouter : ITrafficRouter
{
    private const string Group = "networking.istio.io";
    private const string Path = "spec.strategy.canary.trafficRouting.istio";

    private static readonly RouteKind VirtualServices = new(Group, "virtualservices", "VirtualService", "v1alpha3", "v1beta1", "v1");
    private static readonly RouteKind DestinationRules = new(Group, "destinationrules", "DestinationRule", "v1alpha3", "v1beta1", "v1");

    public bool IsFor(TrafficRouting routing) => routing.Istio is not null;

    public RouterReads Reads(RolloutView rollout) =>
        new([.. Services(rollout).Select(s => Which(rollout, s.Service)), .. DestinationRule(rollout) is { } rule ? new[] { rule } : []]);

    public string? Misconfigured(RolloutView rollout) => Settings(rollout) is { VirtualService: null, VirtualServices.Count: > 0 } or { VirtualService: not null, VirtualServices: null or { Count: 0 } }
        ? null
        : $"{Path}.virtualService: Internal error: either VirtualService or VirtualServices must be configured";

    public string? Error(RolloutView rollout, RouteObjects objects)
    {
        foreach (var (path, service) in Services(rollout))
        {
            var which = Which(rollout, service);
            if (objects.Find(which) is not { } found)
            {
                return FieldError.Invalid($"{path}.name", service.Name, $"{VirtualServices.FullName} \"{which.Name}\" not found");
            }

            try
            {
                new IstioRoutes(rollout, service, found, null).Check();
            }
            catch (RoutingException e)
            {
                return FieldError.Invalid($"{path}.name", service.Name, e.Message);
            }
        }

        return null;
    }

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        var hashes = Hashes(target, objects);
        var weights = Services(target.Rollout).SelectMany(s => Weights(target, objects, s.Service));
        return target.WeightFirst ? weights.Concat(hashes) : hashes.Concat(weights);
    }

    private static IEnumerable<RouteChange> Weights(TrafficTarget target, RouteObjects objects, IstioVirtualService service)
    {
        var which = Which(target.Rollout, service);
        var value = RouteJson.Required(objects, which, "VirtualServiceNotFound");
        var host = DestinationRule(target.Rollout) is { } rule
            ? RouteJson.Text(RouteJson.Required(objects, rule, "DestinationRuleNotFound")["spec"]?["host"])
            : null;
        return RouteJson.Changed(
            which,
            value,
            after => new IstioRoutes(target.Rollout, service, after, host).Write(target),
            () => new Notice("Updated VirtualService", $"VirtualService `{which.Name}` set to desiredWeight '{target.Weight}'"));
    }

    private static IEnumerable<RouteChange> Hashes(TrafficTarget target, RouteObjects objects)
    {
        if (DestinationRule(target.Rollout) is not { } which)
        {
            return [];
        }

        var settings = Settings(target.Rollout).DestinationRule!;
        return RouteJson.Changed(
            which,
            RouteJson.Required(objects, which, "DestinationRuleNotFound"),
            after =>
            {
                RouteJson.Member(RouteJson.Member(after, "metadata"), "annotations")[ArgoNames.ManagedByRollouts] = target.Rollout.Name;
                SetSubsets(target, settings, RouteJson.Member(after, "spec"));
            },
            () => new Notice(
                "UpdatedDestinationRule",
                $"DestinationRule `{which.Name}` subset updated ({settings.CanarySubsetName}: {target.CanaryHash}, {settings.StableSubsetName}: {target.StableHash})"));
    }

    // Subsets of others go, as upstream has it: a DestinationRule that a Rollout manages is its own.
    private static void SetSubsets(TrafficTarget target, IstioDestinationRule settings, JsonObject spec)
    {
        if (spec["subsets"] is not JsonArray subsets)
        {
            spec["subsets"] = subsets = [];
        }

        var hashes = target.Additional.ToDictionary(a => a.ServiceName ?? "", a => a.PodTemplateHash ?? "");
        hashes[settings.CanarySubsetName ?? ""] = target.CanaryHash;
        hashes[settings.StableSubsetName ?? ""] = target.StableHash;
        RouteJson.RemoveAll(subsets, s => RouteJson.Text(s?["name"]) is var name && !hashes.ContainsKey(name) && settings.AdditionalSubsetNames?.Contains(name) != true);
        foreach (var (name, hash) in hashes)
        {
            if (RouteJson.Items(subsets).FirstOrDefault(s => RouteJson.Text(s["name"]) == name) is { } subset)
            {
                SetHash(subset, hash);
            }
            else if (target.Additional.Any(a => a.ServiceName == name))
            {
                subsets.Add(new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [ArgoNames.PodTemplateHash] = hash } });
            }
        }
    }

    private static void SetHash(JsonObject subset, string hash)
    {
        if (hash.Length > 0)
        {
            RouteJson.Member(subset, "labels")[ArgoNames.PodTemplateHash] = hash;
        }
        else
        {
            (subset["labels"] as JsonObject)?.Remove(ArgoNames.PodTemplateHash);
        }
    }

    private static IEnumerable<(string Path, IstioVirtualService Service)> Services(RolloutView rollout)
    {
        var istio = Settings(rollout);
        return istio.VirtualService is { } one
            ? [($"{Path}.virtualService", one)]
            : (istio.VirtualServices ?? []).Select((s, i) => ($"{Path}.virtualServices[{i}]", s));
    }

    // A name may carry its namespace: shop-vsvc.prod, also with the suffix of the cluster.
    private static RouteObject Which(RolloutView rollout, IstioVirtualService service)
    {
        const string Suffix = ".cluster.local";
        var name = service.Name ?? "";
        name = name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        var dot = name.LastIndexOf('.');
        return dot < 0 ? new(VirtualServices, rollout.Namespace, name) : new(VirtualServices, name[(dot + 1)..], name[..dot]);
    }

    private static RouteObject? DestinationRule(RolloutView rollout) =>
        Settings(rollout).DestinationRule is { } rule ? new(DestinationRules, rollout.Namespace, rule.Name ?? "") : null;

    private static IstioTrafficRouting Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.Istio!;
}
