using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>Apache APISIX: weights in an ApisixRoute of the user's, and for each header route an ApisixRoute that belongs to the Rollout.</summary>
internal sealed class ApisixRouter : ITrafficRouter
{
    private const int AllTraffic = 100;

    private static readonly RouteKind Routes = new("apisix.apache.org", "apisixroutes", "ApisixRoute", "v2");

    public bool IsFor(TrafficRouting routing) => routing.Apisix is not null;

    public RouterReads Reads(RolloutView rollout) => new(
    [
        Which(rollout, Settings(rollout).Name ?? ""),
        .. (rollout.Spec.Strategy!.Canary!.TrafficRouting!.ManagedRoutes ?? []).Select(r => Which(rollout, r.Name ?? "")),
    ]);

    public string? Error(RolloutView rollout, RouteObjects objects) => null;

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects)
    {
        var which = Which(target.Rollout, Settings(target.Rollout).Name ?? "");
        var route = RouteJson.Required(objects, which);
        return RouteJson.Changed(which, route, after =>
            {
                foreach (var rule in Rules(target, after))
                {
                    Backend(rule, target.CanaryService)["weight"] = target.Weight;
                    Backend(rule, target.StableService)["weight"] = target.StableWeight;
                }
            })
            .Concat(HeaderRoutes(target, objects, route));
    }

    private static IEnumerable<RouteChange> HeaderRoutes(TrafficTarget target, RouteObjects objects, JsonObject route)
    {
        var wanted = target.Routes.Select(r => r.SetHeaderRoute).OfType<SetHeaderRouteStep>().ToDictionary(r => r.Name!);
        foreach (var name in target.ManagedRoutes)
        {
            var which = Which(target.Rollout, name);
            var existing = objects.Find(which);
            var isOwn = existing is not null && RouteJson.IsOwnedBy(existing, target.Rollout);
            if (!wanted.TryGetValue(name, out var step))
            {
                if (isOwn)
                {
                    yield return new RouteChange(which, existing, null);
                }

                continue;
            }

            if (existing is not null && !isOwn)
            {
                throw new RoutingException($"ApisixRoute `{name}` does not belong to this Rollout");
            }

            var made = HeaderRoute(target, route, step);
            if (existing is null)
            {
                yield return new RouteChange(which, null, made);
            }
            else if (!RouteJson.Covers(existing["spec"], made["spec"]))
            {
                var after = (JsonObject)existing.DeepClone();
                after["spec"] = made["spec"]!.DeepClone();
                yield return new RouteChange(which, existing, after);
            }
        }
    }

    private static JsonObject HeaderRoute(TrafficTarget target, JsonObject route, SetHeaderRouteStep step)
    {
        var copy = (JsonObject)route.DeepClone();
        JsonArray rules = [];
        foreach (var rule in Rules(target, copy))
        {
            var own = (JsonObject)rule.DeepClone();
            Backend(own, target.CanaryService)["weight"] = AllTraffic;
            RouteJson.RemoveAll((JsonArray)own["backends"]!, b => RouteJson.Text(b?["serviceName"]) == target.StableService);
            own["priority"] = RouteJson.Number(own["priority"]) + 1;
            var match = RouteJson.Member(own, "match");
            match["exprs"] = new JsonArray([.. (match["exprs"] as JsonArray ?? []).Select(e => e!.DeepClone()), .. step.Match!.Select(Expression)]);
            rules.Add(own);
        }

        var metadata = new JsonObject { ["name"] = step.Name, ["ownerReferences"] = RouteJson.OwnedBy(target.Rollout) };
        foreach (var copied in new[] { "labels", "annotations" })
        {
            if (route["metadata"]?[copied] is { } value)
            {
                metadata[copied] = value.DeepClone();
            }
        }

        var spec = (JsonObject)copy["spec"]!;
        spec["http"] = rules;
        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec.DeepClone() };
    }

    private static JsonNode Expression(HeaderRoutingMatch match)
    {
        var (op, value) = match.HeaderValue switch
        {
            { Exact: { } exact } => ("Equal", exact),
            { Regex: { } regex } => ("RegexMatch", regex),
            { Prefix: { } prefix } => ("RegexMatch", $"^{prefix}.*"),
            _ => throw new RoutingException($"header {match.HeaderName} has no value to match"),
        };
        return new JsonObject
        {
            ["subject"] = new JsonObject { ["scope"] = "Header", ["name"] = match.HeaderName },
            ["op"] = op,
            ["value"] = value,
        };
    }

    private static IReadOnlyList<JsonObject> Rules(TrafficTarget target, JsonObject route)
    {
        var settings = Settings(target.Rollout);
        IReadOnlyList<string> names = settings.Rules is { Count: > 0 } rules ? rules : [settings.Name ?? ""];
        return
        [
            .. names.Select(name => RouteJson.Items(route["spec"]?["http"]).FirstOrDefault(r => RouteJson.Text(r["name"]) == name)
                ?? throw new RoutingException($"ApisixRoute `{settings.Name}` has no rule `{name}` in spec.http")),
        ];
    }

    private static JsonObject Backend(JsonObject rule, string service) =>
        RouteJson.Items(rule["backends"]).FirstOrDefault(b => RouteJson.Text(b["serviceName"]) == service)
        ?? throw new RoutingException($"rule `{rule["name"]}` of the ApisixRoute has no backend {service}");

    private static RouteObject Which(RolloutView rollout, string name) => new(Routes, rollout.Namespace, name);

    private static ApisixRoute Settings(RolloutView rollout) => rollout.Spec.Strategy!.Canary!.TrafficRouting!.Apisix!.Route ?? new ApisixRoute();
}
