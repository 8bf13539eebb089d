using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>What must be written for a status to become another.</summary>
public static class StatusDifference
{
    private static readonly HashSet<string> Counts =
        ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "HPAReplicas", "message", "conditions"];

    /// <summary>A JSON merge patch of the status, or null if there is no difference.</summary>
    public static JsonObject? Between(RolloutStatus from, RolloutStatus to) =>
        MergePatch.Diff(ModelJson.ToNode(from), ModelJson.ToNode(to)) is { Count: > 0 } patch ? patch : null;

    /// <summary>
    /// Whether a status becomes another by numbers of pods alone, on the way to where it goes. Nobody misses such a status if the next one comes in a moment.
    /// </summary>
    public static bool IsOnlyCounts(RolloutStatus from, RolloutStatus to) =>
        from.Phase == RolloutPhase.Progressing && to.Phase == RolloutPhase.Progressing
        && Telling(from).SequenceEqual(Telling(to))
        && Between(from, to) is { } difference && difference.All(d => Counts.Contains(d.Key));

    // Of the conditions, what says more than that pods come and go.
    private static IEnumerable<(string, string, string, string)> Telling(RolloutStatus status) => (status.Conditions ?? [])
        .Where(c => c.Type != ConditionType.Waiting)
        .Select(c => (c.Type, c.Status, c.Reason, c.Message))
        .Order();
}
