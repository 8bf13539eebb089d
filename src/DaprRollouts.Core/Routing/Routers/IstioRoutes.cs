using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>The routes of one VirtualService: which of them get weights, and how they read then.</summary>
/// <param name="rollout">The Rollout.</param>
/// <param name="service">How the Rollout refers to the VirtualService.</param>
/// <param name="value">The VirtualService, which is changed.</param>
/// <param name="ruleHost">The host of the DestinationRule; nothing if pods are told apart by Services.</param>
internal sealed class IstioRoutes(RolloutView rollout, IstioVirtualService service, JsonObject value, string? ruleHost)
{
    private const int AllTraffic = 100;

    private readonly IstioTrafficRouting _istio = rollout.Spec.Strategy!.Canary!.TrafficRouting!.Istio!;
    private readonly HashSet<string> _managed =
        [.. (rollout.Spec.Strategy!.Canary!.TrafficRouting!.ManagedRoutes ?? []).Select(r => r.Name ?? "")];

    private string Name => RouteJson.Text(value["metadata"]?["name"]);

    // The routes that get weights, if it can be told which they are.
    private IEnumerable<JsonObject> Weighted()
    {
        if (Section("http") is null && Section("tls") is null && Section("tcp") is null)
        {
            throw new RoutingException($"VirtualService `{Name}` has no routes: spec.http, spec.tls or spec.tcp is needed");
        }

        return [.. Http(), .. Tls(), .. Tcp()];
    }

    /// <summary>Whether each route that gets weights leads to both versions.</summary>
    /// <exception cref="RoutingException">One does not.</exception>
    public void Check()
    {
        var strategy = rollout.Spec.Strategy!.Canary!;
        var (canary, stable) = strategy is { PingPong: { } turns, CanaryService: null or "", StableService: null or "" }
            ? (turns.PingService, turns.PongService)
            : (strategy.CanaryService, strategy.StableService);
        foreach (var route in Weighted())
        {
            Check(route, canary ?? "", stable ?? "");
        }
    }

    /// <summary>Brings the VirtualService up to a target.</summary>
    public void Write(TrafficTarget target)
    {
        var weighted = Weighted().ToList();
        foreach (var route in weighted)
        {
            Weigh(target, Check(route, target.EffectiveCanary, target.EffectiveStable));
        }

        if (value["spec"]?["http"] is JsonArray http)
        {
            SetManagedRoutes(target, http, weighted);
        }
    }

    private JsonArray Check(JsonObject route, string canary, string stable) =>
        route["route"] is JsonArray destinations && RouteJson.Items(destinations).Any(d => IsCanary(canary, d)) && RouteJson.Items(destinations).Any(d => IsStable(stable, d))
            ? destinations
            : throw new RoutingException(_istio.DestinationRule is { } rule
                ? $"VirtualService `{Name}`: a route does not have the subsets {rule.CanarySubsetName} and {rule.StableSubsetName}"
                : $"VirtualService `{Name}`: a route does not lead to {canary} and {stable}");

    private void Weigh(TrafficTarget target, JsonArray destinations)
    {
        var extra = target.Additional.ToDictionary(a => a.ServiceName ?? "", a => a.Weight);
        var kept = destinations.OfType<JsonObject>().Where(IsAdditionalSubset).Sum(d => RouteJson.Number(d["weight"]));
        var stable = Math.Max(0, AllTraffic - target.Weight - extra.Values.Sum() - kept);
        foreach (var destination in destinations.OfType<JsonObject>().ToList())
        {
            if (IsCanary(target.EffectiveCanary, destination))
            {
                destination["weight"] = target.Weight;
            }
            else if (IsStable(target.EffectiveStable, destination))
            {
                destination["weight"] = stable;
            }
            else if (extra.TryGetValue(Host(destination), out var weight))
            {
                destination["weight"] = weight;
            }
            else if (!IsAdditionalSubset(destination) && RouteJson.Number(destination["weight"]) != 0)
            {
                destinations.Remove(destination);
            }
        }

        foreach (var (name, weight) in extra.OrderBy(e => e.Key, StringComparer.Ordinal).Where(e => destinations.OfType<JsonObject>().All(d => Host(d) != e.Key)))
        {
            destinations.Add(new JsonObject { ["destination"] = new JsonObject { ["host"] = name }, ["weight"] = weight });
        }
    }

    // Managed routes come first, in the order of managedRoutes.
    private void SetManagedRoutes(TrafficTarget target, JsonArray http, List<JsonObject> weighted)
    {
        var steps = target.Routes.ToDictionary(s => s.SetHeaderRoute?.Name ?? s.SetMirrorRoute?.Name ?? "");
        var existing = http.OfType<JsonObject>().Where(r => _managed.Contains(RouteJson.Text(r["name"]))).ToLookup(r => RouteJson.Text(r["name"]));
        var basis = weighted.FirstOrDefault(r => http.Contains(r) && !_managed.Contains(RouteJson.Text(r["name"])));
        List<JsonNode> routes = [];
        foreach (var name in target.ManagedRoutes.Where(steps.ContainsKey))
        {
            var wanted = steps[name].SetHeaderRoute is { } header ? HeaderRoute(target, header, basis) : MirrorRoute(target, steps[name].SetMirrorRoute!, basis);
            routes.Add(existing[name].FirstOrDefault(r => RouteJson.Covers(r, wanted))?.DeepClone() ?? wanted);
        }

        routes.AddRange(http.OfType<JsonObject>().Where(r => !_managed.Contains(RouteJson.Text(r["name"]))).Select(r => r.DeepClone()));
        value["spec"]!["http"] = new JsonArray([.. routes]);
    }

    private JsonObject HeaderRoute(TrafficTarget target, SetHeaderRouteStep step, JsonObject? basis) => new()
    {
        ["name"] = step.Name,
        ["match"] = new JsonArray([.. step.Match!.Select(m => new JsonObject { ["headers"] = new JsonObject { [m.HeaderName ?? ""] = Match(m.HeaderValue) } })]),
        ["route"] = new JsonArray(new JsonObject { ["destination"] = CanaryDestination(target, basis), ["weight"] = AllTraffic }),
    };

    private JsonObject MirrorRoute(TrafficTarget target, SetMirrorRouteStep step, JsonObject? basis)
    {
        var match = step.Match!.Select(m =>
        {
            var entry = new JsonObject();
            if (m.Method is not null)
            {
                entry["method"] = Match(m.Method);
            }

            if (m.Path is not null)
            {
                entry["uri"] = Match(m.Path);
            }

            if (m.Headers is { Count: > 0 })
            {
                entry["headers"] = new JsonObject(m.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)Match(h.Value))));
            }

            return (JsonNode)entry;
        });
        return new JsonObject
        {
            ["name"] = step.Name,
            ["match"] = new JsonArray([.. match]),
            ["route"] = basis?["route"]?.DeepClone() ?? throw new RoutingException($"VirtualService `{Name}` has no HTTP route to mirror"),
            ["mirror"] = CanaryDestination(target, basis),
            ["mirrorPercentage"] = new JsonObject { ["value"] = step.Percentage ?? AllTraffic },
        };
    }

    private JsonObject CanaryDestination(TrafficTarget target, JsonObject? basis)
    {
        var destination = new JsonObject { ["host"] = ruleHost ?? target.EffectiveCanary };
        if (_istio.DestinationRule is { } rule)
        {
            destination["subset"] = rule.CanarySubsetName;
        }

        if (RouteJson.Items(basis?["route"]).FirstOrDefault()?["destination"]?["port"] is { } port)
        {
            destination["port"] = port.DeepClone();
        }

        return destination;
    }

    private static JsonObject Match(StringMatch? match) => match switch
    {
        { Exact: { } exact } => new JsonObject { ["exact"] = exact },
        { Prefix: { } prefix } => new JsonObject { ["prefix"] = prefix },
        { Regex: { } regex } => new JsonObject { ["regex"] = regex },
        _ => [],
    };

    private IEnumerable<JsonObject> Http()
    {
        if (Section("http") is not { } http)
        {
            return [];
        }

        if (service.Routes is { Count: > 0 } names)
        {
            return names.Select(name => http.FirstOrDefault(r => RouteJson.Text(r["name"]) == name)
                ?? throw new RoutingException($"HTTP route `{name}` is not found in VirtualService `{Name}`"));
        }

        return http.Where(r => !_managed.Contains(RouteJson.Text(r["name"]))).ToList() is [var lone]
            ? [lone]
            : throw new RoutingException($"VirtualService `{Name}` has several HTTP routes: spec.http[] routes have to be named in `routes`");
    }

    private IEnumerable<JsonObject> Tls()
    {
        if (Section("tls") is not { } tls)
        {
            return [];
        }

        if (service.TlsRoutes is not { Count: > 0 } wanted)
        {
            return tls is [var lone] ? [lone] : throw new RoutingException($"VirtualService `{Name}` has several TLS routes: they have to be told apart in `tlsRoutes`");
        }

        return wanted.SelectMany(w => Matching(tls, "TLS", $"port {w.Port}, SNI hosts {string.Join(", ", w.SniHosts ?? [])}", r => Ports(r) is [var port] && port == (w.Port ?? 0)
            && RouteJson.Items(r["match"]).SelectMany(m => (m["sniHosts"] as JsonArray ?? []).Select(RouteJson.Text)).ToHashSet().SetEquals(w.SniHosts ?? []))).Distinct();
    }

    private IEnumerable<JsonObject> Tcp()
    {
        if (Section("tcp") is not { } tcp)
        {
            return [];
        }

        if (service.TcpRoutes is not { Count: > 0 } wanted)
        {
            return tcp is [var lone] ? [lone] : throw new RoutingException($"VirtualService `{Name}` has several TCP routes: they have to be told apart in `tcpRoutes`");
        }

        return wanted.SelectMany(w => Matching(tcp, "TCP", $"port {w.Port}", r => Ports(r) is [var port] && port == (w.Port ?? 0))).Distinct();
    }

    private IEnumerable<JsonObject> Matching(IEnumerable<JsonObject> routes, string kind, string what, Func<JsonObject, bool> fits) =>
        routes.Where(fits).ToList() is { Count: > 0 } found
            ? found
            : throw new RoutingException($"VirtualService `{Name}` has no {kind} route with {what}");

    private static long[] Ports(JsonObject route) =>
        [.. RouteJson.Items(route["match"]).Select(m => (long)RouteJson.Number(m["port"])).DefaultIfEmpty(0).Distinct()];

    private List<JsonObject>? Section(string name) => RouteJson.Items(value["spec"]?[name]).ToList() is { Count: > 0 } routes ? routes : null;

    private bool IsCanary(string service, JsonObject destination) => Is(service, _istio.DestinationRule?.CanarySubsetName, destination);

    private bool IsStable(string service, JsonObject destination) => Is(service, _istio.DestinationRule?.StableSubsetName, destination);

    private bool Is(string service, string? subset, JsonObject destination) => _istio.DestinationRule is null
        ? Host(destination) == service
        : Subset(destination) == subset || (service.Length > 0 && Host(destination) == service);

    private bool IsAdditionalSubset(JsonObject destination) =>
        _istio.DestinationRule?.AdditionalSubsetNames?.Contains(Subset(destination)) == true;

    private static string Subset(JsonObject destination) => RouteJson.Text(destination["destination"]?["subset"]);

    // Only the first label counts: shop-stable.prod.svc.cluster.local is the Service shop-stable.
    private static string Host(JsonObject destination) => RouteJson.Text(destination["destination"]?["host"]).Split('.')[0];
}
