using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Patching;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>The scale subresource: the number of replicas of any kind that declares where it is.</summary>
internal sealed class ScaleRequests(Registry registry)
{
    public async Task HandleAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        switch (exchange.Method)
        {
            case "GET" or "HEAD":
                await exchange.AnswerAsync(200, Show(type, registry.Get(type, key).Content));
                break;
            case "PUT":
                var scale = await exchange.ReadObjectAsync();
                await exchange.AnswerAsync(200, Write(type, key, _ => scale, exchange.WriteOptions));
                break;
            case "PATCH":
                var body = await exchange.ReadBodyAsync();
                await exchange.AnswerAsync(200, Write(type, key, old => Patched(exchange.ContentType, old, body), exchange.WriteOptions));
                break;
            default:
                throw ApiFailure.MethodNotAllowed(exchange.Method);
        }
    }

    private static JsonObject Patched(string contentType, JsonObject scale, JsonNode? body)
    {
        switch (body)
        {
            case JsonArray steps when contentType.StartsWith("application/json-patch", StringComparison.Ordinal):
                return JsonPatch.Apply(scale, steps);
            case JsonObject merge:
                MergePatch.Apply(scale, merge);
                return scale;
            default:
                throw ApiFailure.BadRequest("the patch must be an object or a list of operations");
        }
    }

    private JsonObject Write(ResourceType type, ObjectKey key, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        var stored = registry.Update(
            type, key,
            content =>
            {
                var scale = change(Show(type, content));
                var replicas = scale["spec"] is null ? 0 : scale.Number("spec", "replicas") ?? 0;
                if (replicas < 0)
                {
                    throw ApiFailure.Invalid(type, key.Name, [FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
                }
                var path = type.Scale!.SpecReplicas;
                content.Ensure([.. path.SkipLast(1)])[path[^1]] = replicas;
                content.Ensure("metadata").SetOrRemove("resourceVersion", scale.Text("metadata", "resourceVersion") ?? content.Text("metadata", "resourceVersion"));
                return content;
            },
            options);
        return Show(type, stored.Content);
    }

    private static JsonObject Show(ResourceType type, JsonObject content)
    {
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            metadata.SetOrRemove(name, content.Text("metadata", name));
        }
        var paths = type.Scale!;
        var status = new JsonObject { ["replicas"] = content.Number([.. paths.StatusReplicas]) ?? 0 };
        status.SetOrRemove("selector", paths.Selector is { } selector
            ? content.Text([.. selector])
            : type.IsCustom ? null : LabelSelector.From(content.At("spec", "selector")).ToString());
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            // As in Kubernetes, a zero is left out.
            ["spec"] = content.Number([.. paths.SpecReplicas]) is not (null or 0) and var replicas ? new JsonObject { ["replicas"] = replicas } : new JsonObject(),
            ["status"] = status,
        };
    }
}
