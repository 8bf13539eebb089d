using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>AWS load balancers: annotations of Ingresses that the load balancer controller reads, and for header routes paths in them.</summary>
internal sealed class AlbRouter : ITrafficRouter
{
    private const string Path = "spec.strategy.canary.trafficRouting.alb";
    private const int AllTraffic = 100;

    public bool IsFor(TrafficRouting routing) => routing.Alb is not null;

    public RouterReads Reads(RolloutView rollout) => new([.. Named(rollout).Select(i => IngressRules.Of(rollout, i.Name))]);

    public string? Misconfigured(RolloutView rollout) =>
        IngressRules.EitherOr(Path, "Ingress", Settings(rollout).Ingress, "Ingresses", Settings(rollout).Ingresses);

    public string? Error(RolloutView rollout, RouteObjects objects)
    {
        var service = Settings(rollout).RootService is { Length: > 0 } root ? root : rollout.Spec.Strategy!.Canary!.StableService ?? "";
        return IngressRules.Error(rollout, objects, Named(rollout), service);
    }

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects) =>
        Named(target.Rollout).SelectMany(i =>
        {
            var which = IngressRules.Of(target.Rollout, i.Name);
            var ingress = RouteJson.Required(objects, which);
            return IngressRules.Paths(ingress).Any(p => IngressRules.Service(p) == Root(target))
                ? RouteJson.Changed(
                    which,
                    ingress,
                    after => Write(target, after),
                    () => new Notice("PatchingALBIngress", $"Updating Ingress `{i.Name}` to desiredWeight '{target.Weight}'"))
                : throw new RoutingException($"ingress `{i.Name}` does not use the service {Root(target)}");
        });

    private static void Write(TrafficTarget target, JsonObject ingress)
    {
        var annotations = RouteJson.Member(RouteJson.Member(ingress, "metadata"), "annotations");
        var managed = AlbManagedAnnotations.Read(ingress, target.Rollout.Name);
        Set(annotations, managed, Key(target, "actions", Root(target)), Forward(target, Groups(target)));
        var routes = target.Routes.Select(r => r.SetHeaderRoute).OfType<SetHeaderRouteStep>().ToList();
        foreach (var name in target.ManagedRoutes.Except(routes.Select(r => r.Name!)))
        {
            annotations.Remove(Key(target, "actions", name));
            annotations.Remove(Key(target, "conditions", name));
            managed.Remove(Key(target, "actions", name), Key(target, "conditions", name));
            RemovePath(ingress, name);
        }

        foreach (var route in routes)
        {
            Set(annotations, managed, Key(target, "actions", route.Name!), Forward(target, [Group(target, Canary(target), AllTraffic)]));
            Set(annotations, managed, Key(target, "conditions", route.Name!), Conditions(route));
            AddPath(ingress, route.Name!);
        }

        if (target.ManagedRoutes.Count > 0)
        {
            Sort(target, ingress);
        }

        managed.Write(annotations);
    }

    private static void Set(JsonObject annotations, AlbManagedAnnotations managed, string key, JsonNode value)
    {
        annotations[key] = GoJson.Write(value);
        managed.Add(key);
    }

    private static JsonObject Forward(TrafficTarget target, JsonArray groups)
    {
        var forward = new JsonObject { ["TargetGroups"] = groups };
        if (Settings(target.Rollout).StickinessConfig is { Enabled: true } sticky)
        {
            if (sticky.DurationSeconds is null or < 1 or > 604800)
            {
                throw new RoutingException("TargetGroupStickinessConfig's duration must be between 1 and 604800 seconds (7 days)");
            }

            forward["TargetGroupStickinessConfig"] = new JsonObject { ["Enabled"] = true, ["DurationSeconds"] = sticky.DurationSeconds };
        }

        return new JsonObject { ["Type"] = "forward", ["ForwardConfig"] = forward };
    }

    private static JsonArray Groups(TrafficTarget target) =>
    [
        Group(target, Canary(target), target.Weight),
        .. target.Additional.Select(a => Group(target, a.ServiceName ?? "", a.Weight)),
        Group(target, target.Canary.PingPong is null ? target.StableService : target.TurnStable!, target.StableWeight),
    ];

    private static JsonObject Group(TrafficTarget target, string service, int weight) => new()
    {
        ["ServiceName"] = service,
        ["ServicePort"] = $"{Settings(target.Rollout).ServicePort}",
        ["Weight"] = weight,
    };

    // Distinct headers must all fit; of the values of one header, any.
    private static JsonArray Conditions(SetHeaderRouteStep route) =>
    [
        .. route.Match!.GroupBy(m => m.HeaderName).Select(header => new JsonObject
        {
            ["field"] = "http-header",
            ["httpHeaderConfig"] = new JsonObject
            {
                ["httpHeaderName"] = header.Key,
                ["values"] = new JsonArray([.. header.Select(m => (JsonNode?)JsonValue.Create(m.HeaderValue?.Exact ?? ""))]),
            },
        }),
    ];

    private static void AddPath(JsonObject ingress, string service)
    {
        if (IngressRules.Paths(ingress).Any(p => IngressRules.Service(p) == service))
        {
            return;
        }

        foreach (var rule in RouteJson.Items(ingress["spec"]?["rules"]))
        {
            (rule["http"]?["paths"] as JsonArray)?.Insert(0, new JsonObject
            {
                ["path"] = "/*",
                ["pathType"] = "ImplementationSpecific",
                ["backend"] = new JsonObject
                {
                    ["service"] = new JsonObject { ["name"] = service, ["port"] = new JsonObject { ["name"] = "use-annotation" } },
                },
            });
        }
    }

    private static void RemovePath(JsonObject ingress, string service)
    {
        foreach (var rule in RouteJson.Items(ingress["spec"]?["rules"]))
        {
            if (rule["http"]?["paths"] is JsonArray paths && RouteJson.Items(paths).FirstOrDefault(p => IngressRules.Service(p) == service) is { } path)
            {
                paths.Remove(path);
            }
        }
    }

    // Managed routes come first, in the order of managedRoutes; everything else keeps its place behind them.
    private static void Sort(TrafficTarget target, JsonObject ingress)
    {
        var order = target.ManagedRoutes.ToList();
        foreach (var rule in RouteJson.Items(ingress["spec"]?["rules"]).Where(r => r["http"]?["paths"] is JsonArray))
        {
            var sorted = RouteJson.Items(rule["http"]!["paths"])
                .OrderBy(p => order.IndexOf(IngressRules.Service(p)) is >= 0 and var place ? place : int.MaxValue)
                .Select(p => p.DeepClone())
                .ToArray();
            rule["http"]!["paths"] = new JsonArray(sorted);
        }
    }

    private static string Canary(TrafficTarget target) => target.Canary.PingPong is null ? target.CanaryService : target.TurnCanary!;

    private static string Root(TrafficTarget target) => Settings(target.Rollout).RootService is { Length: > 0 } root ? root : target.StableService;

    private static string Key(TrafficTarget target, string what, string service) =>
        $"{(Settings(target.Rollout).AnnotationPrefix is { Length: > 0 } own ? own : "alb.ingress.kubernetes.io")}/{what}.{service}";

    private static IReadOnlyList<(string Path, string Name)> Named(RolloutView rollout)
    {
        var alb = Settings(rollout);
        return IngressRules.Named(Path, "ingress", alb.Ingress, "ingresses", alb.Ingresses);
    }

    private static AlbTrafficRouting Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.Alb!;
}

/// <summary>The annotation that says which annotations of an Ingress belong to which Rollout.</summary>
internal sealed class AlbManagedAnnotations
{
    private const string Annotation = "rollouts.argoproj.io/managed-alb-annotations";

    private readonly SortedDictionary<string, List<string>> _byRollout;
    private readonly List<string> _own;

    private AlbManagedAnnotations(SortedDictionary<string, List<string>> byRollout, string rollout)
    {
        _byRollout = byRollout;
        if (!byRollout.TryGetValue(rollout, out _own!))
        {
            byRollout[rollout] = _own = [];
        }
    }

    public static AlbManagedAnnotations Read(JsonObject ingress, string rollout)
    {
        var text = RouteJson.Text(ingress["metadata"]?["annotations"]?[Annotation]);
        try
        {
            var known = text.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, List<string>>>(text) ?? [];
            return new AlbManagedAnnotations(new(known, StringComparer.Ordinal), rollout);
        }
        catch (JsonException e)
        {
            throw new RoutingException($"ingress `{ingress["metadata"]?["name"]}`: annotation {Annotation} cannot be read: {e.Message}");
        }
    }

    public void Add(string key)
    {
        if (!_own.Contains(key))
        {
            _own.Add(key);
        }
    }

    public void Remove(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _own.Remove(key);
        }
    }

    public void Write(JsonObject annotations) => annotations[Annotation] = GoJson.Write(JsonSerializer.SerializeToNode(_byRollout)!);
}
