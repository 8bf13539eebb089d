using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Api;

/// <summary>How an object is to be deleted, and what becomes of its dependents.</summary>
internal sealed record DeleteOptions
{
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan; null leaves what the object's finalizers say.</summary>
    public string? Propagation { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public static DeleteOptions From(JsonNode? body, Func<string, string?> query)
    {
        var orphan = body.Flag("orphanDependents") ?? (query("orphanDependents") is { } text ? text == "true" : null);
        return new DeleteOptions
        {
            GracePeriodSeconds = body.Number("gracePeriodSeconds") ?? (long.TryParse(query("gracePeriodSeconds"), out var grace) ? grace : null),
            Propagation = body.Text("propagationPolicy") ?? query("propagationPolicy")
                ?? orphan switch { true => "Orphan", false => "Background", null => null },
            Uid = body.Text("preconditions", "uid"),
            ResourceVersion = body.Text("preconditions", "resourceVersion"),
        };
    }
}
