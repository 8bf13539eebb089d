using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Requests for collections and objects.</summary>
internal sealed class ObjectRequests(Registry registry)
{
    public Task HandleCollectionAsync(Exchange exchange, ResourceType type, RequestTarget target) => exchange.Method switch
    {
        "GET" or "HEAD" => exchange.AnswerAsync(List(exchange, type, target), type),
        "POST" => CreateAsync(exchange, type, target),
        "DELETE" => DeleteCollectionAsync(exchange, type, target),
        _ => throw ApiFailure.MethodNotAllowed(exchange.Method),
    };

    public Task HandleObjectAsync(Exchange exchange, ResourceType type, RequestTarget target)
    {
        var key = new ObjectKey(target.Namespace ?? "", target.Name!);
        return exchange.Method switch
        {
            "GET" or "HEAD" => exchange.AnswerAsync(200, registry.Get(type, key), type),
            "PUT" => ReplaceAsync(exchange, type, key),
            "PATCH" => PatchAsync(exchange, type, key),
            "DELETE" => DeleteAsync(exchange, type, key),
            _ => throw ApiFailure.MethodNotAllowed(exchange.Method),
        };
    }

    private Listing List(Exchange exchange, ResourceType type, RequestTarget target) =>
        Listing.Of(registry.Store, type, Selection.Of(type, target, exchange.Query), ListQuery.From(exchange.Query));

    private async Task CreateAsync(Exchange exchange, ResourceType type, RequestTarget target)
    {
        var body = await exchange.ReadObjectAsync();
        var ns = target.Namespace ?? body.Text("metadata", "namespace") ?? "";
        var options = exchange.WriteOptions;
        await exchange.AnswerAsync(201, registry.Create(type, ns, body, options), type, options);
    }

    private async Task ReplaceAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var body = await exchange.ReadObjectAsync();
        var options = exchange.WriteOptions;
        await exchange.AnswerAsync(200, registry.Update(type, key, _ => JsonTree.Copy(body), options), type, options);
    }

    private async Task PatchAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var patch = PatchRequest.Of(exchange, type, await exchange.ReadBodyAsync());
        if (patch.IsApply && registry.Find(type, key) is null)
        {
            await exchange.AnswerAsync(201, registry.Create(type, key.Namespace, patch.AsNew(key), patch.Options), type, patch.Options);
            return;
        }
        await exchange.AnswerAsync(200, registry.Update(type, key, patch.Apply, patch.Options), type, patch.Options);
    }

    private async Task DeleteAsync(Exchange exchange, ResourceType type, ObjectKey key)
    {
        var delete = DeleteOptions.From(await exchange.ReadBodyAsync(), exchange.Query);
        var (last, isGone) = registry.Delete(type, key, delete, exchange.WriteOptions);
        if (!isGone || ShowsDeleted(type))
        {
            await exchange.AnswerAsync(200, last, type);
            return;
        }
        await exchange.AnswerAsync(200, Success(type, last));
    }

    private async Task DeleteCollectionAsync(Exchange exchange, ResourceType type, RequestTarget target)
    {
        var delete = DeleteOptions.From(await exchange.ReadBodyAsync(), exchange.Query);
        var listing = List(exchange, type, target);
        foreach (var item in listing.Items)
        {
            try
            {
                registry.Delete(type, item.Key, delete, exchange.WriteOptions);
            }
            catch (ApiFailure failure) when (failure.Code == 404)
            {
                // Somebody else was faster; gone is gone.
                continue;
            }
        }
        await exchange.AnswerAsync(listing, type);
    }

    /// <summary>Most kinds answer a deletion with a plain success, and some, which typed clients know, with the object.</summary>
    private static bool ShowsDeleted(ResourceType type) => (type.Group, type.Plural) is
        ("", "pods" or "services" or "serviceaccounts" or "podtemplates" or "resourcequotas" or "persistentvolumes" or "persistentvolumeclaims")
        or ("storage.k8s.io", "storageclasses");

    private static JsonObject Success(ResourceType type, StoredObject last)
    {
        var details = new JsonObject { ["name"] = last.Key.Name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }
        details["kind"] = type.Plural;
        details["uid"] = last.Uid;
        return new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details,
        };
    }
}
