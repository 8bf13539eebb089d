using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>An object without all but its metadata.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(JsonObject item, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = item["metadata"]?.DeepClone(),
    };
}
