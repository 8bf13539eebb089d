using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>What happens to an object between the request and the store: decoding, defaulting, validation.</summary>
internal static class Admission
{
    private static readonly Shape.Struct ObjectMeta = TypeTable.Kubernetes.OfType("meta.v1.ObjectMeta");

    /// <summary>Decodes and defaults, in place. Unknown fields go, and are told or refused as the client asks.</summary>
    public static void Decode(ResourceType type, JsonObject content, WriteOptions options)
    {
        var unknown = new List<string>();
        CheckKind(type, content);
        content["apiVersion"] = type.GroupVersion;
        content["kind"] = type.Kind;
        if (type.Shape is { } shape)
        {
            new TypeCoercion(unknown).Coerce(content, shape);
        }
        else
        {
            new TypeCoercion(unknown).Coerce(content.Ensure("metadata"), ObjectMeta, "metadata");
            type.Schema?.Prune(content, unknown);
            type.Schema?.Default(content);
        }
        content.Ensure("metadata");
        type.Rules.Default(content);
        if (unknown.Count > 0 && options.FieldValidation == "Strict")
        {
            throw ApiFailure.BadRequest($"strict decoding error: {string.Join(", ", unknown.Select(f => $"unknown field \"{f}\""))}");
        }
        options.Unknown?.UnionWith(unknown);
    }

    public static void Validate(ResourceType type, JsonObject content, JsonObject? old)
    {
        var errors = MetadataRules.Validate(type, content).ToList();
        errors.AddRange(type.Schema?.Validate(content) ?? []);
        errors.AddRange(type.Rules.Validate(content, old));
        if (errors.Count > 0)
        {
            throw ApiFailure.Invalid(type, content.Text("metadata", "name") ?? "", errors);
        }
    }

    private static void CheckKind(ResourceType type, JsonObject content)
    {
        var kind = content.Text("kind") ?? "";
        var version = content.Text("apiVersion") ?? "";
        if (kind.Length > 0 && kind != type.Kind)
        {
            throw ApiFailure.BadRequest($"the object provided is unrecognized (must be of type {type.Kind}): it is a {kind}");
        }
        if (version.Length > 0 && version != type.GroupVersion)
        {
            throw ApiFailure.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({type.GroupVersion})");
        }
    }
}
