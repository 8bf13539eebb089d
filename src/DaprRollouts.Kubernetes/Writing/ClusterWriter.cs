using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>
/// Writes to the API server, always as the smallest patch, never a whole object from a cache. Each answer goes into the cache at once.
/// </summary>
public sealed class ClusterWriter(k8s.Kubernetes client)
{
    /// <summary>The name under which the API server records our writes.</summary>
    public const string FieldManager = "dapr-rollouts";

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string ns, JsonObject body, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync(kind, cache, $"create {kind.Kind} {ns}/{body["metadata"]?["name"]}", async () =>
        {
            using var answer = await client.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                body, kind.Group, kind.Version, ns, kind.Plural, fieldManager: FieldManager, cancellationToken: cancel);
            return answer.Body;
        });

    /// <summary>Applies a JSON merge patch to an object, or to its status.</summary>
    public Task<T> PatchAsync<T>(
        ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, JsonObject patch, bool status = false, CancellationToken cancel = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
        return SendAsync(kind, cache, $"patch {kind.Kind} {ns}/{name}", async () =>
        {
            using var answer = status
                ? await client.CustomObjects.PatchNamespacedCustomObjectStatusWithHttpMessagesAsync<JsonElement>(
                    body, kind.Group, kind.Version, ns, kind.Plural, name, fieldManager: FieldManager, cancellationToken: cancel)
                : await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                    body, kind.Group, kind.Version, ns, kind.Plural, name, fieldManager: FieldManager, cancellationToken: cancel);
            return answer.Body;
        });
    }

    /// <summary>Applies a JSON merge patch to a Service.</summary>
    public async Task<V1Service> PatchServiceAsync(ResourceCache<V1Service> cache, string ns, string name, JsonObject patch, CancellationToken cancel)
    {
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
        return await SendAsync(
            cache, $"patch Service {ns}/{name}", () => client.CoreV1.PatchNamespacedServiceAsync(body, name, ns, fieldManager: FieldManager, cancellationToken: cancel));
    }

    /// <summary>Reads a Service from the API server itself; null if it does not exist.</summary>
    public async Task<V1Service?> GetServiceAsync(ResourceCache<V1Service> cache, string ns, string name, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(
                cache, $"get Service {ns}/{name}", () => client.CoreV1.ReadNamespacedServiceAsync(name, ns, cancellationToken: cancel));
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces one member of an object whole, by a JSON patch.</summary>
    public Task<T> ReplaceAsync<T>(
        ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, string path, JsonNode value, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value.DeepClone() });
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.JsonPatch);
        return SendAsync(kind, cache, $"patch {kind.Kind} {ns}/{name}", async () =>
        {
            using var answer = await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                body, kind.Group, kind.Version, ns, kind.Plural, name, fieldManager: FieldManager, cancellationToken: cancel);
            return answer.Body;
        });
    }

    /// <summary>Reads an object from the API server itself; null if it does not exist.</summary>
    public async Task<T?> GetAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await SendAsync(kind, cache, $"get {kind.Kind} {ns}/{name}", async () =>
            {
                using var answer = await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                    kind.Group, kind.Version, ns, kind.Plural, name, cancellationToken: cancel);
                return answer.Body;
            });
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists objects from the API server itself.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(ResourceKind<T> kind, ResourceCache<T> cache, string ns, string? labelSelector, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var (objects, _) = await new ResourceReader<T>(client, kind, ns, labelSelector).ListAsync(cancel);
        objects.ForEach(cache.Upsert);
        return objects;
    }

    /// <summary>Deletes an object in the background; one that is gone already is no error.</summary>
    public async Task DeleteAsync<T>(ResourceKind<T> kind, string ns, string name, string uid, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            using var answer = await client.CustomObjects.DeleteNamespacedCustomObjectWithHttpMessagesAsync(
                kind.Group, kind.Version, ns, kind.Plural, name,
                new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            // It is what was wanted.
        }
        catch (HttpOperationException e)
        {
            throw KubernetesApiException.Of((int)e.Response.StatusCode, e.Response.Content, $"delete {kind.Kind} {ns}/{name}");
        }
    }

    private static Task<T> SendAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string what, Func<Task<JsonElement>> send)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync(cache, what, async () =>
        {
            var value = kind.Read(await send());
            value.ApiVersion = kind.ApiVersion;
            value.Kind = kind.Kind;
            return value;
        });

    private static async Task<T> SendAsync<T>(ResourceCache<T>? cache, string what, Func<Task<T>> send)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var value = await send();
            value.Metadata.ManagedFields = null;
            cache?.Upsert(value);
            return value;
        }
        catch (HttpOperationException e)
        {
            throw KubernetesApiException.Of((int)e.Response.StatusCode, e.Response.Content, what);
        }
    }
}
