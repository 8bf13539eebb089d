using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Requests for subresources.</summary>
internal sealed class SubresourceRequests(Registry registry)
{
    private readonly ScaleRequests _scale = new(registry);
    private readonly Eviction _eviction = new(registry);

    public Task HandleAsync(Exchange exchange, ResourceType type, RequestTarget target, string subresource)
    {
        var key = new ObjectKey(target.Namespace ?? "", target.Name!);
        return (subresource, exchange.Method) switch
        {
            ("status", _) when type.HasStatus => StatusAsync(exchange, type, key),
            ("scale", _) when type.Scale is not null => _scale.HandleAsync(exchange, type, key),
            ("eviction", "POST") when type.Subresources.ContainsKey(subresource) => EvictAsync(exchange, key),
            ("binding", "POST") when type.Subresources.ContainsKey(subresource) => BindAsync(exchange, type, key),
            ("log", "GET") when type.Subresources.ContainsKey(subresource) => LogAsync(exchange, type, key),
            ("finalize", "PUT") when type.Subresources.ContainsKey(subresource) => FinalizeAsync(exchange, type, key),
            _ => throw ApiFailure.NoSuchPath(),
        };
    }

    private async Task StatusAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var options = exchange.WriteOptions with { Subresource = "status" };
        switch (exchange.Method)
        {
            case "GET" or "HEAD":
                await exchange.AnswerAsync(200, registry.Get(type, key), type);
                break;
            case "PUT":
                var body = await exchange.ReadObjectAsync();
                await exchange.AnswerAsync(200, registry.Update(type, key, _ => JsonTree.Copy(body), options), type, options);
                break;
            case "PATCH":
                var patch = PatchRequest.Of(exchange, type, await exchange.ReadBodyAsync(), "status");
                await exchange.AnswerAsync(200, registry.Update(type, key, patch.Apply, patch.Options), type, patch.Options);
                break;
            default:
                throw ApiFailure.MethodNotAllowed(exchange.Method);
        }
    }

    private async Task EvictAsync(Exchange exchange, ObjectKey key)
    {
        var body = await exchange.ReadObjectAsync();
        _eviction.Evict(key, DeleteOptions.From(body["deleteOptions"], exchange.Query), exchange.WriteOptions);
        await exchange.AnswerAsync(201, new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201,
        });
    }

    private async Task BindAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var body = await exchange.ReadObjectAsync();
        var node = body.Text("target", "name") ?? throw ApiFailure.BadRequest("a binding names its target");
        PodBinding.Bind(registry, type, key, node, body.Text("metadata", "uid"), exchange.WriteOptions);
        await exchange.AnswerAsync(201, new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201,
        });
    }

    private Task LogAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        registry.Get(type, key);
        return exchange.AnswerTextAsync("");
    }

    private async Task FinalizeAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var body = await exchange.ReadObjectAsync();
        await exchange.AnswerAsync(200, registry.Finalize(type, key, body.Array("spec", "finalizers"), exchange.WriteOptions), type);
    }
}
