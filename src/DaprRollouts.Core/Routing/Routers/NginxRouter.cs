using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>NGINX: beside each stable Ingress, which stays as it is, a canary Ingress that belongs to the Rollout.</summary>
internal sealed class NginxRouter : ITrafficRouter
{
    private const string Path = "spec.strategy.canary.trafficRouting.nginx";
    private const string IngressClass = "kubernetes.io/ingress.class";

    public bool IsFor(TrafficRouting routing) => routing.Nginx is not null;

    public RouterReads Reads(RolloutView rollout) => new(
        [.. Named(rollout).SelectMany(i => new[] { IngressRules.Of(rollout, i.Name), Canary(rollout, i.Name) })]);

    public string? Misconfigured(RolloutView rollout) =>
        IngressRules.EitherOr(Path, "StableIngress", Settings(rollout).StableIngress, "StableIngresses", Settings(rollout).StableIngresses);

    public string? Error(RolloutView rollout, RouteObjects objects) =>
        IngressRules.Error(rollout, objects, Named(rollout), rollout.Spec.Strategy!.Canary!.StableService ?? "");

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        foreach (var (_, name) in Named(target.Rollout))
        {
            var stable = RouteJson.Required(objects, IngressRules.Of(target.Rollout, name));
            var which = Canary(target.Rollout, name);
            var wanted = Wanted(target, stable, which.Name);
            if (objects.Find(which) is not { } canary)
            {
                yield return new RouteChange(
                    which, null, wanted, new Notice("CreatingCanaryIngress", $"Creating canary ingress `{which.Name}` with weight `{target.Weight}`"));
                continue;
            }

            if (!RouteJson.IsOwnedBy(canary, target.Rollout))
            {
                throw new RoutingException($"canary ingress `{which.Name}` cannot be patched, as it does not belong to this Rollout");
            }

            if (!RouteJson.Covers(canary["metadata"]?["annotations"], wanted["metadata"]!["annotations"])
                || !RouteJson.Covers(canary["spec"], wanted["spec"]))
            {
                var after = (JsonObject)canary.DeepClone();
                foreach (var (key, value) in (JsonObject)wanted["metadata"]!["annotations"]!)
                {
                    RouteJson.Member(RouteJson.Member(after, "metadata"), "annotations")[key] = value!.DeepClone();
                }

                after["spec"] = wanted["spec"]!.DeepClone();
                yield return new RouteChange(
                    which, canary, after, new Notice("PatchingCanaryIngress", $"Updating Ingress `{which.Name}` to desiredWeight '{target.Weight}'"));
            }
        }
    }

    private static JsonObject Wanted(TrafficTarget target, JsonObject stable, string name)
    {
        var spec = new JsonObject();
        foreach (var copied in new[] { "tls", "ingressClassName" })
        {
            if (stable["spec"]?[copied] is { } value)
            {
                spec[copied] = value.DeepClone();
            }
        }

        spec["rules"] = Rules(target, stable);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = Annotations(target, stable),
                ["ownerReferences"] = RouteJson.OwnedBy(target.Rollout),
            },
            ["spec"] = spec,
        };
    }

    private static JsonArray Rules(TrafficTarget target, JsonObject stable)
    {
        JsonArray rules = [];
        foreach (var rule in RouteJson.Items(stable["spec"]?["rules"]).Where(r => RouteJson.Items(r["http"]?["paths"]).Any(IsStable)))
        {
            var copy = (JsonObject)rule.DeepClone();
            foreach (var path in RouteJson.Items(copy["http"]!["paths"]).Where(IsStable))
            {
                path["backend"]!["service"]!["name"] = target.CanaryService;
            }

            rules.Add(copy);
        }

        return rules.Count > 0
            ? rules
            : throw new RoutingException($"ingress `{stable["metadata"]?["name"]}` has no rules using service {target.StableService} backend");

        bool IsStable(JsonObject path) => IngressRules.Service(path) == target.StableService;
    }

    private static JsonObject Annotations(TrafficTarget target, JsonObject stable)
    {
        var nginx = Settings(target.Rollout);
        var prefix = nginx.AnnotationPrefix is { Length: > 0 } own ? own : "nginx.ingress.kubernetes.io";
        var annotations = new JsonObject();
        if (stable["metadata"]?["annotations"]?[IngressClass] is { } ingressClass)
        {
            annotations[IngressClass] = ingressClass.DeepClone();
        }

        foreach (var (key, value) in nginx.AdditionalIngressAnnotations ?? new Dictionary<string, string>())
        {
            annotations[key.StartsWith(prefix, StringComparison.Ordinal) ? key : $"{prefix}/{key}"] = value;
        }

        foreach (var (key, value) in nginx.CanaryIngressAnnotations ?? new Dictionary<string, string>())
        {
            annotations[key] = value;
        }

        annotations[$"{prefix}/canary"] = "true";
        annotations[$"{prefix}/canary-weight"] = $"{target.Weight}";
        if (target.Routing.MaxTrafficWeight is { } total)
        {
            annotations[$"{prefix}/canary-weight-total"] = $"{total}";
        }

        return annotations;
    }

    private static IReadOnlyList<(string Path, string Name)> Named(RolloutView rollout)
    {
        var nginx = Settings(rollout);
        return IngressRules.Named(Path, "stableIngress", nginx.StableIngress, "stableIngresses", nginx.StableIngresses);
    }

    private static RouteObject Canary(RolloutView rollout, string stable) =>
        IngressRules.Of(rollout, RouteJson.CanaryName($"{rollout.Name}-{stable}"));

    private static NginxTrafficRouting Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.Nginx!;
}
