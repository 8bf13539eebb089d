using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>What must be written for a status to become another.</summary>
public static class StatusDifference
{
    private static readonly HashSet<string> Counts =
        ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "HPAReplicas", "message", "conditions"];

    // Pods come and go in bursts: so often, and no more, a rollout's counts are written for their own sake.
    private static readonly TimeSpan CountsMayWait = TimeSpan.FromSeconds(2);

    // Who watches what a rollout waits for sees that it is something else now, unless it is over in no time.
    private static readonly TimeSpan MessageMayWait = TimeSpan.FromSeconds(1);

    /// <summary>A JSON merge patch of the status, or null if there is no difference but members that are empty.</summary>
    public static JsonObject? Between(RolloutStatus from, RolloutStatus to) =>
        MergePatch.Diff(ModelJson.ToNode(from), ModelJson.ToNode(to)) is var patch && patch.Any(member => member.Value is not JsonObject { Count: 0 }) ? patch : null;

    /// <summary>
    /// Whether a status becomes another by numbers of pods alone, on the way to where it goes. Nobody misses such a status if the next one comes in a moment.
    /// </summary>
    public static bool IsOnlyCounts(RolloutStatus from, RolloutStatus to) =>
        from.Phase == RolloutPhase.Progressing && to.Phase == RolloutPhase.Progressing
        && Telling(from).SequenceEqual(Telling(to))
        && Between(from, to) is { } difference && difference.All(d => Counts.Contains(d.Key));

    /// <summary>How long a status may wait to be written, if the next one may come by then.</summary>
    public static TimeSpan Patience(RolloutStatus from, RolloutStatus to) =>
        !IsOnlyCounts(from, to) ? TimeSpan.Zero : from.Message == to.Message ? CountsMayWait : MessageMayWait;

    // Of the conditions, what says more than that pods come and go.
    private static IEnumerable<(string, string, string, string)> Telling(RolloutStatus status) => (status.Conditions ?? [])
        .Where(c => c.Type != ConditionType.Waiting)
        .Select(c => (c.Type, c.Status, c.Reason, c.Message))
        .Order();
}
