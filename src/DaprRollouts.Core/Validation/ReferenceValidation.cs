using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Core.Validation;

/// <summary>Whether what a Rollout refers to exists and fits it.</summary>
public static class ReferenceValidation
{
    public static string? FirstError(Observation seen)
    {
        var services = Services(seen.Rollout.Spec).Where(s => !string.IsNullOrEmpty(s.Name)).ToList();
        foreach (var (path, name) in services)
        {
            if (!seen.Services.ContainsKey(name!))
            {
                return FieldError.Invalid(path, name, $"service \"{name}\" not found");
            }
        }

        if (seen.AnalysisError is { } missing)
        {
            return missing;
        }

        if (TrafficRouters.Error(seen.Rollout, seen.Routes) is { } routing)
        {
            return routing;
        }

        foreach (var (path, name) in services)
        {
            if (Error(seen, seen.Services[name!], path) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The Services that a Rollout names, with the path of each field.</summary>
    public static IEnumerable<(string Path, string? Name)> Services(RolloutSpec spec)
    {
        if (spec.Strategy?.Canary is { } canary)
        {
            const string Path = "spec.strategy.canary";
            yield return ($"{Path}.stableService", canary.StableService);
            yield return ($"{Path}.canaryService", canary.CanaryService);
            yield return ($"{Path}.pingPong.pingService", canary.PingPong?.PingService);
            yield return ($"{Path}.pingPong.pongService", canary.PingPong?.PongService);
        }

        if (spec.Strategy?.BlueGreen is { } blueGreen)
        {
            yield return ("spec.strategy.blueGreen.activeService", blueGreen.ActiveService);
            yield return ("spec.strategy.blueGreen.previewService", blueGreen.PreviewService);
        }
    }

    private static string? Error(Observation seen, ServiceView service, string path)
    {
        var labels = seen.Rollout.Spec.Template?["metadata"]?["labels"] as JsonObject ?? [];
        foreach (var (key, value) in service.Selector)
        {
            if (key != ArgoNames.PodTemplateHash && labels[key]?.ToString() != value)
            {
                return FieldError.Invalid(path, service.Name, $"Service \"{service.Name}\" has unmatch label \"{key}\" in rollout");
            }
        }

        return service.ManagedBy is not null && service.ManagedBy != seen.Rollout.Name
            ? FieldError.Invalid(path, service.Name, $"Service \"{service.Name}\" is managed by another Rollout")
            : null;
    }
}
