using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>
/// Writes to the API server, always as the smallest patch, never a whole object from a cache. Each answer goes into the cache at once. A patch that holds
/// <c>metadata.resourceVersion</c> only applies to that version; otherwise a <see cref="ConflictException"/> tells of the newer one.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing.
public sealed class ClusterWriter(k8s.Kubernetes client)
#pragma warning restore CA1001
{
    /// <summary>The name under which the API server records our writes.</summary>
    public const string FieldManager = "dapr-rollouts";

    private const int AtOnce = 64;

    // What is more waits here, in the order in which it came, and not in the server's queues, which refuse what they cannot hold.
    private readonly SemaphoreSlim _free = new(AtOnce);

    // Servers before 1.22 know evictions of the beta version only.
    private volatile string _evictionVersion = "policy/v1";

    /// <summary>Whether the API server has as much to do for us as it should have at once, so that what can wait had better wait.</summary>
    public bool IsCrowded => _free.CurrentCount == 0;

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string ns, JsonObject body, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync(kind, cache, $"create {kind.Kind} {ns}/{body["metadata"]?["name"]}", async () =>
        {
            using var answer = await client.CustomObjects.CreateNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                body, kind.Group, kind.Version, ns, kind.Plural, fieldManager: FieldManager, cancellationToken: cancel);
            return answer.Body;
        }, cancel);

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
        }, cancel);
    }

    /// <summary>Applies a JSON patch to an object.</summary>
    public Task<T> PatchAsync<T>(
        ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, JsonArray operations, CancellationToken cancel = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = new V1Patch(operations.ToJsonString(), V1Patch.PatchType.JsonPatch);
        return SendAsync(kind, cache, $"patch {kind.Kind} {ns}/{name}", async () =>
        {
            using var answer = await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                body, kind.Group, kind.Version, ns, kind.Plural, name, fieldManager: FieldManager, cancellationToken: cancel);
            return answer.Body;
        }, cancel);
    }

    /// <summary>Applies a JSON patch to an object unless its spec has changed since it was read: a new status, or a label, does not matter.</summary>
    /// <exception cref="ConflictException">The spec has changed, or another object has the name.</exception>
    public async Task<T> PatchSpecAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, T read, IEnumerable<JsonObject> operations, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        JsonArray patch =
        [
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/uid", ["value"] = read.Metadata.Uid },
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/generation", ["value"] = read.Metadata.Generation },
            .. operations,
        ];
        try
        {
            return await PatchAsync(kind, cache, read.Metadata.NamespaceProperty, read.Metadata.Name, patch, cancel);
        }
        catch (InvalidObjectException refused) when (!refused.Message.Contains("is invalid", StringComparison.Ordinal))
        {
            throw new ConflictException(refused.Reason, $"{kind.Kind} {read.Metadata.NamespaceProperty}/{read.Metadata.Name} has changed since it was read");
        }
    }

    /// <summary>Replaces one member of an object whole, by a JSON patch.</summary>
    public Task<T> ReplaceAsync<T>(
        ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, string path, JsonNode value, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        PatchAsync(kind, cache, ns, name, [new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value.DeepClone() }], cancel);

    /// <summary>Applies a JSON merge patch to a Service.</summary>
    public Task<V1Service> PatchServiceAsync(ResourceCache<V1Service> cache, string ns, string name, JsonObject patch, CancellationToken cancel)
    {
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
        return SendAsync(
            cache, $"patch Service {ns}/{name}", () => client.CoreV1.PatchNamespacedServiceAsync(body, name, ns, fieldManager: FieldManager, cancellationToken: cancel), cancel);
    }

    /// <summary>Applies a JSON merge patch to a pod.</summary>
    public Task<V1Pod> PatchPodAsync(string ns, string name, JsonObject patch, CancellationToken cancel)
    {
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
        return SendAsync(
            null, $"patch Pod {ns}/{name}", () => client.CoreV1.PatchNamespacedPodAsync(body, name, ns, fieldManager: FieldManager, cancellationToken: cancel), cancel);
    }

    /// <summary>Sets the size of an object through its scale, whatever its kind.</summary>
    public async Task ScaleAsync(string group, string version, string plural, string ns, string name, int replicas, CancellationToken cancel)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        await CallAsync($"scale {plural} {ns}/{name}", () => client.CustomObjects.PatchNamespacedCustomObjectScaleAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), group, version, ns, plural, name, fieldManager: FieldManager, cancellationToken: cancel), cancel);
    }

    /// <summary>Evicts a pod, as far as disruption budgets allow it; one that is gone already is no error.</summary>
    /// <exception cref="TooManyRequestsException">A disruption budget forbids it for now.</exception>
    public async Task EvictAsync(string ns, string name, CancellationToken cancel)
    {
        try
        {
            await EvictAsync(_evictionVersion, ns, name, cancel);
        }
        catch (KubernetesApiException e) when (e.StatusCode == 400 && _evictionVersion == "policy/v1")
        {
            _evictionVersion = "policy/v1beta1";
            await EvictAsync(_evictionVersion, ns, name, cancel);
        }
    }

    /// <summary>Reads a Service from the API server itself; null if it does not exist.</summary>
    public async Task<V1Service?> GetServiceAsync(ResourceCache<V1Service> cache, string ns, string name, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(
                cache, $"get Service {ns}/{name}", () => client.CoreV1.ReadNamespacedServiceAsync(name, ns, cancellationToken: cancel), cancel);
        }
        catch (NotFoundException)
        {
            return null;
        }
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
            }, cancel);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists objects from the API server itself.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string? labelSelector, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var reader = new ResourceReader<T>(client, kind, ns, labelSelector, TimeProvider.System);
        var (objects, _) = await CallAsync($"list {kind.Plural}", () => reader.ListAsync(cancel), cancel);
        if (cache is not null)
        {
            objects.ForEach(cache.Upsert);
        }

        return objects;
    }

    /// <summary>Deletes an object in the background; one that is gone already is no error.</summary>
    public async Task DeleteAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string ns, string name, string uid, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var options = new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = uid } };
        try
        {
            var left = await CallAsync($"delete {kind.Kind} {ns}/{name}", async () =>
            {
                using var answer = await client.CustomObjects.DeleteNamespacedCustomObjectWithHttpMessagesAsync<JsonElement>(
                    kind.Group, kind.Version, ns, kind.Plural, name, options, cancellationToken: cancel);
                return answer.Body;
            }, cancel);
            if (left.TryGetProperty("kind", out var answered) && answered.ValueEquals(kind.Kind))
            {
                cache?.Upsert(kind.ReadWhole(left)); // finalizers hold it
                return;
            }
        }
        catch (Exception e) when (e is NotFoundException or ConflictException)
        {
            // It is what was wanted: no object of that name, or one of another uid.
        }

        if (cache?.Get(ns, name) is { } known && known.Metadata.Uid == uid)
        {
            cache.Remove(known);
        }
    }

    private async Task EvictAsync(string version, string ns, string name, CancellationToken cancel)
    {
        var eviction = new V1Eviction { ApiVersion = version, Kind = "Eviction", Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns } };
        try
        {
            await CallAsync($"evict Pod {ns}/{name}", () => client.CoreV1.CreateNamespacedPodEvictionAsync(eviction, name, ns, cancellationToken: cancel), cancel);
        }
        catch (NotFoundException)
        {
            // It is what was wanted.
        }
    }

    private Task<T> SendAsync<T>(ResourceKind<T> kind, ResourceCache<T>? cache, string what, Func<Task<JsonElement>> send, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync(cache, what, async () => kind.ReadWhole(await send()), cancel);

    private async Task<T> SendAsync<T>(ResourceCache<T>? cache, string what, Func<Task<T>> send, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var value = await CallAsync(what, send, cancel);
        value.Metadata.ManagedFields = null;
        cache?.Upsert(value);
        return value;
    }

    private async Task<T> CallAsync<T>(string what, Func<Task<T>> send, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return await ApiCall.SendAsync(what, send, cancel);
        }
        finally
        {
            _free.Release();
        }
    }
}
