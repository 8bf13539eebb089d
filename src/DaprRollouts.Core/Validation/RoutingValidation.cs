using DaprRollouts.Core.Model;
using DaprRollouts.Core.Routing.Routers;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether a canary's traffic routing fits together.</summary>
internal static class RoutingValidation
{
    private const string Routing = "spec.strategy.canary.trafficRouting";

    private const string AtMostOne = "StringMatch match value must have exactly one of the following: exact, regex, prefix";
    private const string AtLeastOne = "StringMatch value missed, match value must have one of the following: exact, regex, prefix";

    public static string? FirstError(CanaryStrategy strategy, string path)
    {
        if (strategy.TrafficRouting is not { } routing)
        {
            return Turns(strategy, null, path) ?? (strategy.ScaleDownDelaySeconds is not null
                ? FieldError.Invalid($"{path}.scaleDownDelaySeconds", strategy.ScaleDownDelaySeconds, "Canary scaleDownDelaySeconds can only be used with traffic routing")
                : strategy.DynamicStableScale == true
                    ? FieldError.Invalid($"{path}.dynamicStableScale", true, "Canary dynamicStableScale can only be used with traffic routing")
                    : null);
        }

        return Plugins(routing)
            ?? Turns(strategy, routing, path)
            ?? Services(strategy, routing, path)
            ?? (strategy is { DynamicStableScale: true, ScaleDownDelaySeconds: not null }
                ? FieldError.Invalid($"{path}.dynamicStableScale", true, "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds")
                : null)
            ?? Total(routing);
    }

    /// <summary>The error of a step that sets a header or mirror route, or both.</summary>
    public static string? StepError(TrafficRouting? routing, CanaryStep step, string path) =>
        (step.SetHeaderRoute is { } header ? Header(routing, header, $"{path}.setHeaderRoute") : null)
        ?? (step.SetMirrorRoute is { } mirror ? Mirror(routing, mirror, $"{path}.setMirrorRoute") : null);

    private static string? Header(TrafficRouting? routing, SetHeaderRouteStep step, string path) =>
        routing is not { Istio: not null } and not { Alb: not null } and not { Apisix: not null } and not { Plugins.Count: > 0 }
            ? FieldError.Invalid(path, new { step.Name, step.Match }, "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix")
            : HeaderMatches(routing, step, path) ?? Managed(routing, step.Name, path);

    private static string? Mirror(TrafficRouting? routing, SetMirrorRouteStep step, string path) =>
        routing is not { Istio: not null } and not { Plugins.Count: > 0 }
            ? FieldError.Invalid(path, new { step.Name, step.Match, step.Percentage }, "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins")
            : MirrorMatches(step, path) ?? Managed(routing, step.Name, path);

    private static string? Plugins(TrafficRouting routing) =>
        routing.Plugins?.Select(p => p.Key).FirstOrDefault(p => p != GatewayApiRouter.Plugin) is { } unknown
            ? FieldError.Invalid($"{Routing}.plugins", unknown, $"there is no such traffic router plugin: {GatewayApiRouter.Plugin} is built in")
            : null;

    private static string? Turns(CanaryStrategy strategy, TrafficRouting? routing, string path)
    {
        if (strategy.PingPong is not { } pair)
        {
            return null;
        }

        if (routing is not null and not { Alb: not null } and not { Istio: not null } and not { Plugins.Count: > 0 })
        {
            return FieldError.Invalid($"{Routing}.alb", null, "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only");
        }

        if (string.IsNullOrEmpty(pair.PingService) || string.IsNullOrEmpty(pair.PongService))
        {
            var field = string.IsNullOrEmpty(pair.PingService) ? "pingService" : "pongService";
            return FieldError.Invalid($"{path}.pingPong.{field}", "", "Ping service and Pong service must to be set to use Ping-Pong feature");
        }

        return pair.PingService == pair.PongService
            ? FieldError.Invalid(
                $"{path}.pingPong.pingService", pair.PingService, "This rollout uses the same service for the ping and pong services, but two different services are required.")
            : routing?.Alb is { RootService: null or "" }
                ? FieldError.Invalid($"{Routing}.alb.rootService", "", "Root service field is required for the configuration with ALB and ping-pong feature enabled")
                : null;
    }

    private static string? Services(CanaryStrategy strategy, TrafficRouting routing, string path)
    {
        var needed = (routing.Alb is not null && strategy.PingPong is null)
            || (routing.Istio is { DestinationRule: null } && strategy.PingPong is null)
            || routing is { Smi: not null } or { Apisix: not null } or { Ambassador: not null } or { Nginx: not null } or { AppMesh: not null } or { Traefik: not null };
        var missing = !needed ? null
            : string.IsNullOrEmpty(strategy.StableService) ? "stableService"
            : string.IsNullOrEmpty(strategy.CanaryService) ? "canaryService"
            : null;
        return missing is null ? null : FieldError.Invalid($"{path}.{missing}", "", "Canary service and Stable service must to be set to use Traffic Routing");
    }

    private static string? Total(TrafficRouting routing) => routing switch
    {
        { MaxTrafficWeight: null } => null,
        { MaxTrafficWeight: < 1 } => FieldError.Invalid($"{Routing}.maxTrafficWeight", routing.MaxTrafficWeight, "must be greater than 0"),
        { Nginx: null, Plugins: null or { Count: 0 } } => FieldError.Invalid(
            $"{Routing}.maxTrafficWeight", routing.MaxTrafficWeight, "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins"),
        _ => null,
    };

    private static string? Managed(TrafficRouting routing, string? name, string path) =>
        routing.ManagedRoutes is not { } managed
            ? FieldError.Required($"{Routing}.managedRoutes", "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'")
            : managed.Any(r => r.Name == name)
                ? null
                : FieldError.Invalid(path, name, "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");

    private static string? HeaderMatches(TrafficRouting routing, SetHeaderRouteStep step, string path) => FirstOf(
        step.Match,
        (match, i) => routing.Alb is null || match.HeaderValue is null ? ValueError(match.HeaderValue, $"{path}.match[{i}]")
            : match.HeaderValue is { Exact.Length: > 0, Regex: null or "", Prefix: null or "" } ? null
            : FieldError.Invalid($"{path}.match[{i}]", match.HeaderValue, "SetHeaderRoute match value invalid. ALB supports 'exact' value only"));

    private static string? MirrorMatches(SetMirrorRouteStep step, string path) => FirstOf(
        step.Match,
        (match, i) => (match.Method is null ? null : ValueError(match.Method, $"{path}.match[{i}].method"))
            ?? (match.Path is null ? null : ValueError(match.Path, $"{path}.match[{i}].path")));

    private static string? ValueError(StringMatch? match, string path)
    {
        var given = new[] { match?.Exact, match?.Regex, match?.Prefix }.Count(v => !string.IsNullOrEmpty(v));
        return given switch
        {
            0 => FieldError.Invalid(path, match, AtLeastOne),
            1 => null,
            _ => FieldError.Invalid(path, match, AtMostOne),
        };
    }

    private static string? FirstOf<T>(IReadOnlyList<T>? items, Func<T, int, string?> error) => (items ?? []).Select(error).FirstOrDefault(e => e is not null);
}
