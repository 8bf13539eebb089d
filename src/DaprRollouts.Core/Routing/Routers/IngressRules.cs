using System.Text.Json.Nodes;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>What routers that work by Ingresses have in common.</summary>
internal static class IngressRules
{
    public static readonly RouteKind Ingresses = new("networking.k8s.io", "ingresses", "Ingress", "v1");

    /// <summary>The Ingresses that a Rollout names, with the path of each field.</summary>
    public static IReadOnlyList<(string Path, string Name)> Named(string path, string one, string? name, string several, IReadOnlyList<string>? names) =>
        !string.IsNullOrEmpty(name)
            ? [($"{path}.{one}", name)]
            : [.. (names ?? []).Select((n, i) => ($"{path}.{several}[{i}]", n))];

    /// <summary>Whether exactly one of the two ways to name Ingresses is used.</summary>
    public static string? EitherOr(string path, string one, string? name, string several, IReadOnlyList<string>? names) =>
        (!string.IsNullOrEmpty(name), names is { Count: > 0 }) switch
        {
            (true, true) => $"{path}: Internal error: Either {one} or {several} must be configured. Both are configured.",
            (false, false) => $"{path}: Internal error: Either {one} or {several} must be configured. Neither are configured.",
            _ => null,
        };

    /// <summary>Whether each Ingress is there and leads to a Service.</summary>
    public static string? Error(RolloutView rollout, RouteObjects objects, IReadOnlyList<(string Path, string Name)> named, string service)
    {
        foreach (var (path, name) in named)
        {
            if (objects.Find(Of(rollout, name)) is null)
            {
                return FieldError.Invalid(path, name, $"ingress.networking.k8s.io \"{name}\" not found");
            }
        }

        foreach (var (path, name) in named)
        {
            if (!Paths(objects.Find(Of(rollout, name))!).Any(p => Service(p) == service))
            {
                return FieldError.Invalid(path, name, $"ingress `{name}` has no rules using service {service} backend");
            }
        }

        return null;
    }

    public static RouteObject Of(RolloutView rollout, string name) => new(Ingresses, rollout.Namespace, name);

    /// <summary>All paths of all rules.</summary>
    public static IEnumerable<JsonObject> Paths(JsonObject ingress) =>
        RouteJson.Items(ingress["spec"]?["rules"]).SelectMany(r => RouteJson.Items(r["http"]?["paths"]));

    /// <summary>The Service that a path leads to, or "".</summary>
    public static string Service(JsonObject path) => RouteJson.Text(path["backend"]?["service"]?["name"]);
}
