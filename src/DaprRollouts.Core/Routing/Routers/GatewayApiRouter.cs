using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>
/// The Gateway API, configured as the plugin <c>argoproj-labs/gatewayAPI</c> of Argo Rollouts: weights in routes of the user's, and rules for header routes.
/// </summary>
internal sealed class GatewayApiRouter : ITrafficRouter
{
    /// <summary>The name of the plugin whose configuration this is.</summary>
    public const string Plugin = "argoproj-labs/gatewayAPI";

    private const string Group = "gateway.networking.k8s.io";
    private const string Path = $"spec.strategy.canary.trafficRouting.plugins.{Plugin}";

    private static readonly (string Member, RouteKind Kind, bool HasRules)[] Kinds =
    [
        ("httpRoute", new(Group, "httproutes", "HTTPRoute", "v1", "v1beta1"), true),
        ("grpcRoute", new(Group, "grpcroutes", "GRPCRoute", "v1", "v1alpha2"), true),
        ("tcpRoute", new(Group, "tcproutes", "TCPRoute", "v1alpha2", "v1"), false),
        ("tlsRoute", new(Group, "tlsroutes", "TLSRoute", "v1alpha2", "v1alpha3", "v1"), false),
    ];

    public bool IsFor(TrafficRouting routing) => routing.Plugins?.ContainsKey(Plugin) == true;

    public RouterReads Reads(RolloutView rollout) => new([.. Named(rollout).Select(r => r.Which)], [.. Selections(rollout)]);

    public string? Misconfigured(RolloutView rollout)
    {
        foreach (var member in Settings(rollout).Where(m => m.Key.EndsWith("Routes", StringComparison.Ordinal) && m.Value is not JsonArray))
        {
            return FieldError.Invalid($"{Path}.{member.Key}", member.Value, "must be a list of {name, useHeaderRoutes}");
        }

        return Named(rollout).Any() || Selections(rollout).Any()
            ? null
            : FieldError.Required(Path, "no routes configured: give httpRoute, grpcRoute, tcpRoute or tlsRoute, a list of them, or a selector");
    }

    public string? Error(RolloutView rollout, RouteObjects objects) => null;

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        if (target.CanaryService.Length == 0 || target.StableService.Length == 0)
        {
            throw new RoutingException($"{Plugin} needs canaryService and stableService");
        }

        var routes = Named(target.Rollout).Concat(
            Selections(target.Rollout).SelectMany(s => objects.Matching(s).Select(w => new Route(w, false)))).DistinctBy(r => r.Which);
        return routes.SelectMany(route => RouteJson.Changed(
            route.Which,
            RouteJson.Required(objects, route.Which),
            after =>
            {
                Weigh(target, route.Which, after);
                Label(target, after);
                if (Kinds.Single(k => k.Kind == route.Which.Kind).HasRules && target.ManagedRoutes.Count > 0)
                {
                    SetManagedRules(target, after, route.UsesHeaders);
                }
            }));
    }

    private static void Weigh(TrafficTarget target, RouteObject which, JsonObject route)
    {
        var backends = RouteJson.Items(route["spec"]?["rules"])
            .Where(rule => !IsManaged(target, rule))
            .SelectMany(rule => RouteJson.Items(rule["backendRefs"]))
            .ToLookup(b => RouteJson.Text(b["name"]));
        foreach (var (service, weight) in new[] { (target.CanaryService, target.Weight), (target.StableService, target.StableWeight) })
        {
            if (!backends.Contains(service))
            {
                throw new RoutingException($"{which.Kind.Kind} `{which.Name}` has no backendRef {service}");
            }

            foreach (var backend in backends[service])
            {
                backend["weight"] = weight;
            }
        }

        WeighAdditional(target, route);
    }

    // Services of experiments stand beside stable and canary in the first rule that has these; what an experiment has left behind goes.
    private static void WeighAdditional(TrafficTarget target, JsonObject route)
    {
        var rule = RouteJson.Items(route["spec"]?["rules"]).First(r => RouteJson.Items(r["backendRefs"]).Any(b => RouteJson.Text(b["name"]) == target.StableService));
        var backends = (JsonArray)rule["backendRefs"]!;
        var stable = RouteJson.Items(backends).First(b => RouteJson.Text(b["name"]) == target.StableService);
        var former = target.Rollout.Status.Canary?.Weights?.Additional ?? [];
        RouteJson.RemoveAll(backends, b => former.Any(f => f.ServiceName == RouteJson.Text(b?["name"])) && target.Additional.All(a => a.ServiceName != RouteJson.Text(b?["name"])));
        foreach (var (service, weight) in target.Additional.Select(a => (a.ServiceName, a.Weight)))
        {
            if (RouteJson.Items(backends).FirstOrDefault(b => RouteJson.Text(b["name"]) == service) is { } known)
            {
                known["weight"] = weight;
                continue;
            }

            backends.Add(new JsonObject { ["name"] = service, ["port"] = stable["port"]?.DeepClone(), ["weight"] = weight });
        }
    }

    private static void Label(TrafficTarget target, JsonObject route)
    {
        var settings = Settings(target.Rollout);
        if (settings["disableInProgressLabel"]?.ToString() == "true")
        {
            return;
        }

        var metadata = RouteJson.Member(route, "metadata");
        var key = RouteJson.Text(settings["inProgressLabelKey"]) is { Length: > 0 } k ? k : "rollouts.argoproj.io/gatewayapi-canary";
        if (target.Weight != 0)
        {
            RouteJson.Member(metadata, "labels")[key] = RouteJson.Text(settings["inProgressLabelValue"]) is { Length: > 0 } v ? v : "in-progress";
        }
        else
        {
            (metadata["labels"] as JsonObject)?.Remove(key);
        }
    }

    private static void SetManagedRules(TrafficTarget target, JsonObject route, bool usesHeaders)
    {
        if (route["spec"]?["rules"] is not JsonArray rules)
        {
            return;
        }

        List<JsonObject> wanted = [];
        foreach (var step in usesHeaders ? target.Routes.Select(r => r.SetHeaderRoute).OfType<SetHeaderRouteStep>() : [])
        {
            wanted.AddRange(HeaderRules(target, step, rules));
        }

        var headers = target.Canary.Steps?.Select(s => s.SetHeaderRoute).OfType<SetHeaderRouteStep>().ToList() ?? [];
        var kept = RouteJson.Items(rules)
            .Where(rule => !IsManaged(target, rule) && !IsUnnamedHeaderRule(target, rule, headers))
            .Select(r => r.DeepClone())
            .ToList();
        var managed = wanted.Select(w => RouteJson.Items(rules).FirstOrDefault(r => RouteJson.Covers(r, w))?.DeepClone() ?? w);
        route["spec"]!["rules"] = new JsonArray([.. kept, .. managed]);
    }

    private static IEnumerable<JsonObject> HeaderRules(TrafficTarget target, SetHeaderRouteStep step, JsonArray rules)
    {
        var sources = RouteJson.Items(rules).Where(rule => !IsManaged(target, rule)
            && RouteJson.Items(rule["backendRefs"]).Any(b => RouteJson.Text(b["name"]) == target.CanaryService)
            && RouteJson.Items(rule["backendRefs"]).Any(b => RouteJson.Text(b["name"]) == target.StableService)).ToList();
        if (sources.Count == 0)
        {
            throw new RoutingException($"header route `{step.Name}`: no rule has both backendRefs {target.CanaryService} and {target.StableService}");
        }

        return sources.Select((source, i) =>
        {
            var port = RouteJson.Items(source["backendRefs"]).First(b => RouteJson.Text(b["name"]) == target.CanaryService)["port"];
            var rule = new JsonObject { ["name"] = i == 0 ? step.Name : $"{step.Name}-{i}", ["matches"] = Matches(step, source) };
            if (source["filters"] is { } filters)
            {
                rule["filters"] = filters.DeepClone();
            }

            rule["backendRefs"] = new JsonArray(new JsonObject
            {
                ["group"] = "", ["kind"] = "Service", ["name"] = target.CanaryService, ["port"] = port?.DeepClone(),
            });
            return rule;
        });
    }

    private static JsonArray Matches(SetHeaderRouteStep step, JsonObject source)
    {
        var headers = step.Match!.Select(m => (JsonNode)new JsonObject
        {
            ["type"] = m.HeaderValue?.Exact is null ? "RegularExpression" : "Exact",
            ["name"] = m.HeaderName,
            ["value"] = m.HeaderValue?.Exact ?? m.HeaderValue?.Regex ?? $"{m.HeaderValue?.Prefix}.*",
        }).ToList();
        var matches = RouteJson.Items(source["matches"]).Select(m => (JsonObject)m.DeepClone()).DefaultIfEmpty([]).ToList();
        foreach (var match in matches)
        {
            match["headers"] = new JsonArray([.. (match["headers"] as JsonArray ?? []).Select(h => h!.DeepClone()), .. headers.Select(h => h.DeepClone())]);
        }

        return [.. matches];
    }

    // A managed route of this name, or a further rule of one.
    private static bool IsManaged(TrafficTarget target, JsonObject rule)
    {
        var name = RouteJson.Text(rule["name"]);
        return target.ManagedRoutes.Any(m => name == m
            || (name.StartsWith($"{m}-", StringComparison.Ordinal) && int.TryParse(name[(m.Length + 1)..], out _)));
    }

    // Servers that know no names of rules drop them: then only what a rule does tells that it is ours.
    private static bool IsUnnamedHeaderRule(TrafficTarget target, JsonObject rule, List<SetHeaderRouteStep> steps) =>
        rule["name"] is null
        && RouteJson.Items(rule["backendRefs"]).ToList() is [var only] && RouteJson.Text(only["name"]) == target.CanaryService
        && steps.Any(s => s.Match is { Count: > 0 } match && match.All(m => RouteJson.Items(rule["matches"]).All(rm =>
            RouteJson.Items(rm["headers"]).Any(h => RouteJson.Text(h["name"]) == m.HeaderName))));

    private static IEnumerable<Route> Named(RolloutView rollout)
    {
        var settings = Settings(rollout);
        var ns = Namespace(rollout);
        foreach (var (member, kind, _) in Kinds)
        {
            foreach (var entry in RouteJson.Items(settings[$"{member}s"]))
            {
                yield return new Route(new RouteObject(kind, ns, RouteJson.Text(entry["name"])), RouteJson.Text(entry["useHeaderRoutes"]) == "true");
            }

            if (RouteJson.Text(settings[member]) is { Length: > 0 } name)
            {
                yield return new Route(new RouteObject(kind, ns, name), true);
            }
        }
    }

    private static IEnumerable<RouteSelection> Selections(RolloutView rollout) =>
        from kind in Kinds
        let selector = Settings(rollout)[$"{kind.Member}Selector"]
        where selector is JsonObject
        select new RouteSelection(kind.Kind, Namespace(rollout), selector.Deserialize<LabelSelector>(ModelJson.Options) ?? new LabelSelector());

    private static string Namespace(RolloutView rollout) => RouteJson.Text(Settings(rollout)["namespace"]) is { Length: > 0 } ns ? ns : rollout.Namespace;

    private static JsonObject Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.Plugins?[Plugin] as JsonObject ?? [];

    private sealed record Route(RouteObject Which, bool UsesHeaders);
}
