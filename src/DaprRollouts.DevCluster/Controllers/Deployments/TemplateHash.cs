using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>Tells pod templates apart.</summary>
internal static class TemplateHash
{
    public const string Label = "pod-template-hash";

    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(JsonNode template, long collisions)
    {
        var hash = 2166136261u;
        foreach (var b in JsonTree.Write(template))
        {
            hash = (hash ^ b) * 16777619;
        }
        hash = (hash ^ (uint)collisions) * 16777619;
        return string.Concat(hash.ToString().Select(digit => Letters[digit % Letters.Length]));
    }

    /// <summary>Whether two templates are the same but for the hash label.</summary>
    public static bool AreSame(JsonNode? template, JsonNode? other) => JsonNode.DeepEquals(WithoutHash(template), WithoutHash(other));

    private static JsonNode? WithoutHash(JsonNode? template)
    {
        var copy = template?.DeepClone();
        if (copy.Object("metadata") is { } metadata)
        {
            metadata.Object("labels")?.Remove(Label);
            metadata.SetOrRemove("labels", metadata["labels"]?.DeepClone());
        }
        return copy;
    }
}
