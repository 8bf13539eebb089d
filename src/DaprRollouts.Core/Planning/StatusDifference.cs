using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>What must be written for a status to become another.</summary>
public static class StatusDifference
{
    /// <summary>A JSON merge patch of the status, or null if there is no difference.</summary>
    public static JsonObject? Between(RolloutStatus from, RolloutStatus to) =>
        MergePatch.Diff(ModelJson.ToNode(from), ModelJson.ToNode(to)) is { Count: > 0 } patch ? patch : null;
}
