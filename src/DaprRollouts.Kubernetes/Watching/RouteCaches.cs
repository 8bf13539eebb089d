using System.Collections.Concurrent;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Routing;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>The routing objects of the cluster. A kind is watched from when the first Rollout refers to it: a cluster that has no mesh is not asked for one.</summary>
public sealed class RouteCaches(k8s.Kubernetes client, ClusterCacheOptions options, TimeProvider time, ILogger<RouteCaches> logger) : IAsyncDisposable
{
    // A kind that the cluster does not have may be installed later.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RouteKind, Lazy<Task<Watched?>>> _kinds = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _reflectors = [];

    /// <summary>Raised when a routing object has changed.</summary>
    public event Action<RouteObject>? Changed;

    /// <summary>Watches the kinds that a Rollout refers to, and returns when all that is there is known. A kind that the cluster does not have has no objects.</summary>
    /// <exception cref="KubernetesApiException">A kind cannot be listed.</exception>
    public async Task EnsureAsync(RouterReads reads, CancellationToken cancel)
    {
        foreach (var kind in Kinds(reads))
        {
            if (await WatchedAsync(kind) is not { } watched)
            {
                continue;
            }

            try
            {
                await watched.Cache.WaitForSyncAsync(cancel).WaitAsync(Patience, time, cancel);
            }
            catch (TimeoutException)
            {
                throw new KubernetesApiException(0, "NotListed", $"{kind.FullName} cannot be listed; does the executor have the rights?");
            }
        }
    }

    /// <summary>What is known of the objects that a Rollout refers to.</summary>
    public RouteObjects Read(RouterReads reads)
    {
        Dictionary<RouteObject, System.Text.Json.Nodes.JsonObject> objects = [];
        foreach (var which in reads.Objects)
        {
            if (Known(which.Kind)?.Cache.Get(which.Namespace, which.Name) is { Metadata.DeletionTimestamp: null } value)
            {
                objects[which] = value.Body;
            }
        }

        foreach (var (kind, ns, _) in reads.Selections)
        {
            foreach (var value in Known(kind)?.Cache.List(ns) ?? [])
            {
                objects[new RouteObject(kind, ns, value.Metadata.Name)] = value.Body;
            }
        }

        return new RouteObjects(objects, Kinds(reads).Where(k => Known(k) is not null).Select(k => KeyValuePair.Create(k, Known(k)!.Kind.Version)));
    }

    /// <summary>The objects of a namespace that a Rollout has marked as its own to change.</summary>
    public IEnumerable<KeyValuePair<RouteObject, System.Text.Json.Nodes.JsonObject>> ManagedBy(string ns, string rollout) =>
        from kind in _kinds.Keys
        from value in Known(kind)?.Cache.List(ns) ?? []
        where value.Metadata.Annotations?.TryGetValue(ArgoNames.ManagedByRollouts, out var owner) == true && owner == rollout
        select KeyValuePair.Create(new RouteObject(kind, ns, value.Metadata.Name), value.Body);

    /// <summary>Whether everything of a kind is known up to a resource version; the kind is named in full.</summary>
    public bool Reaches(string kind, long version) =>
        _kinds.Keys.FirstOrDefault(k => k.FullName == kind) is { } known && Known(known) is { } watched
        && (watched.Cache.SeenUpTo >= version
            || watched.Cache.List().Any(o => long.TryParse(o.Metadata.ResourceVersion, out var newest) && newest >= version));

    /// <summary>The kind as it is written, with its cache; null if the cluster does not have it.</summary>
    public async Task<(ResourceKind<RawObject> Kind, ResourceCache<RawObject> Cache)?> FindAsync(RouteKind kind) =>
        await WatchedAsync(kind) is { } watched ? (watched.Kind, watched.Cache) : null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_reflectors).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static IEnumerable<RouteKind> Kinds(RouterReads reads) =>
        reads.Objects.Select(o => o.Kind).Concat(reads.Selections.Select(s => s.Kind)).Distinct();

    private Watched? Known(RouteKind kind) =>
        _kinds.TryGetValue(kind, out var watched) && watched is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: { } known } } ? known : null;

    private async Task<Watched?> WatchedAsync(RouteKind kind)
    {
        var entry = _kinds.GetOrAdd(kind, k => new Lazy<Task<Watched?>>(() => StartAsync(k)));
        try
        {
            return await entry.Value;
        }
        catch
        {
            _kinds.TryRemove(KeyValuePair.Create(kind, entry));
            throw;
        }
    }

    private async Task<Watched?> StartAsync(RouteKind kind)
    {
        if (await ServedVersionAsync(kind) is not { } version)
        {
            logger.LogWarning("The cluster has no {Kind}; asking again in {Delay}", kind.FullName, AskAgain);
            _ = ForgetAsync(kind);
            return null;
        }

        var cache = new ResourceCache<RawObject>();
        cache.Changed += change =>
        {
            var metadata = (change.New ?? change.Old)!.Metadata;
            Changed?.Invoke(new RouteObject(kind, metadata.NamespaceProperty, metadata.Name));
        };
        var resource = RawObject.Of(kind, version);
        var reflector = new Reflector<RawObject>(client, resource, cache, options.Namespace, null, logger, time);
        _reflectors.Add(Task.Run(() => reflector.RunAsync(_stopping.Token)));
        return new Watched(resource, cache);
    }

    private async Task ForgetAsync(RouteKind kind)
    {
        await Task.Delay(AskAgain, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _kinds.TryRemove(kind, out _);
    }

    private async Task<string?> ServedVersionAsync(RouteKind kind)
    {
        foreach (var version in kind.Versions)
        {
            try
            {
                var resources = await ApiCall.SendAsync(
                    $"discover {kind.Group}/{version}", () => client.CustomObjects.GetAPIResourcesAsync(kind.Group, version, _stopping.Token), _stopping.Token);
                if (resources.Resources.Any(r => r.Name == kind.Plural))
                {
                    return version;
                }
            }
            catch (NotFoundException)
            {
                // The group is not there in this version.
            }
        }

        return null;
    }

    private sealed record Watched(ResourceKind<RawObject> Kind, ResourceCache<RawObject> Cache);
}
