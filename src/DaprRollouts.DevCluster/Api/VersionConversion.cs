using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Shows an object that was stored in one version of its API in another.</summary>
internal static class VersionConversion
{
    /// <summary>Brings an object that came in one version into the one that all of its kind are stored in.</summary>
    public static void ToStored(JsonObject content, ResourceType type, ApiCatalog catalog)
    {
        if (catalog.OfShelf(type.ShelfName) is { } stored && stored.GroupVersion != type.GroupVersion)
        {
            Convert(content, stored);
        }
    }

    public static void Convert(JsonObject content, ResourceType to)
    {
        content["apiVersion"] = to.GroupVersion;
        content["kind"] = to.Kind;
        if (to.Plural == "events")
        {
            ConvertEvent(content, to.Group.Length > 0);
        }
    }

    // The two groups that serve events name four fields differently.
    private static void ConvertEvent(JsonObject content, bool toNew)
    {
        ReadOnlySpan<(string Old, string New)> names =
        [
            ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
            ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
            ("reportingComponent", "reportingController"),
        ];
        foreach (var (old, @new) in names)
        {
            var (from, to) = toNew ? (old, @new) : (@new, old);
            if (content[from] is { } value)
            {
                content.Remove(from);
                content[to] = value;
            }
        }
        // The older group shows these even when nobody has set them, the newer one does not.
        if (toNew && content.Text("reportingController") == "")
        {
            content.Remove("reportingController");
            content.Remove("reportingInstance");
        }
    }
}
