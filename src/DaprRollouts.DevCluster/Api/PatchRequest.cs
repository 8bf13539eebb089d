using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Patching;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>A patch in one of the four forms, ready to be applied to whatever version of the object is the newest.</summary>
internal sealed class PatchRequest
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string ServerSide = "application/apply-patch+yaml";

    private readonly JsonNode _body;

    private PatchRequest(JsonNode body, Func<JsonObject, JsonObject> apply, WriteOptions options, bool isApply)
    {
        _body = body;
        Apply = apply;
        Options = options;
        IsApply = isApply;
    }

    public Func<JsonObject, JsonObject> Apply { get; }

    public WriteOptions Options { get; }

    /// <summary>Server-side apply, which creates what is not there.</summary>
    public bool IsApply { get; }

    public static PatchRequest Of(Exchange exchange, ResourceType type, JsonNode? body, string subresource = "")
    {
        var options = exchange.WriteOptions with { Subresource = subresource, IsPatch = true };
        switch (exchange.ContentType)
        {
            case Json:
                var steps = body as JsonArray ?? throw ApiFailure.BadRequest("a JSON patch is a list of operations");
                return new PatchRequest(steps, old => JsonPatch.Apply(old, steps), options, false);
            case Merge:
                var merge = AsObject(body);
                return new PatchRequest(merge, old => Changed(old, o => MergePatch.Apply(o, merge)), options, false);
            case Strategic when !type.IsCustom:
                var strategic = AsObject(body);
                return new PatchRequest(strategic, old => Changed(old, o => StrategicMergePatch.Apply(o, strategic, type.Shape)), options, false);
            case ServerSide:
                return OfApply(exchange, type, AsObject(body), options with { Operation = "Apply" });
            default:
                throw ApiFailure.UnsupportedMediaType(
                    exchange.ContentType, type.IsCustom ? [Json, Merge, ServerSide] : [Json, Merge, Strategic, ServerSide]);
        }
    }

    /// <summary>What is applied, as an object to create.</summary>
    public JsonObject AsNew(ObjectKey key)
    {
        var content = JsonTree.Copy((JsonObject)_body);
        content.Ensure("metadata")["name"] = key.Name;
        return content;
    }

    private static PatchRequest OfApply(Exchange exchange, ResourceType type, JsonObject applied, WriteOptions options)
    {
        if (string.IsNullOrEmpty(exchange.Query("fieldManager")))
        {
            throw ApiFailure.Invalid(type, "", [FieldError.Required("fieldManager", "is required for apply patch")]);
        }
        if (applied.At("metadata", "managedFields") is not null)
        {
            throw ApiFailure.BadRequest("metadata.managedFields must be nil");
        }
        return new PatchRequest(applied, old => Changed(old, o => ApplyPatch.Apply(o, applied, type.Shape)), options, true);
    }

    private static JsonObject Changed(JsonObject content, Action<JsonObject> change)
    {
        change(content);
        return content;
    }

    private static JsonObject AsObject(JsonNode? body) => body as JsonObject ?? throw ApiFailure.BadRequest("the patch must be an object");
}
