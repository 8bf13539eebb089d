using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>
/// Reads all that a decision about a rollout rests on: from the caches, or, where these may be older than the rollout's own last write, from the API server.
/// </summary>
public sealed class RolloutObserver(ClusterCache cluster, ClusterWriter writer, AnalysisComposer composer)
{
    /// <summary>The rollout as the caches have it; null if it is not there.</summary>
    public Observation? FromCache(string ns, string name) =>
        cluster.Rollouts.Get(ns, name) is { Metadata.DeletionTimestamp: null } rollout ? Compose(rollout) : null;

    /// <summary>The rollout, no older than its own last write; null if it is gone.</summary>
    public async Task<Observation?> ObserveAsync(RolloutKey key, RolloutScene scene, CancellationToken cancel)
    {
        if (scene.MustReadLive || !IsFresh(key, scene.Floor))
        {
            await ReadLiveAsync(key, cancel);
            scene.MustReadLive = false;
        }

        return FromCache(key.Namespace, key.Name) is { } seen && seen.Rollout.Uid == key.Uid ? seen : null;
    }

    private bool IsFresh(RolloutKey key, IReadOnlyDictionary<string, long> floor) => floor.All(f => f.Key switch
    {
        nameof(Rollout) => Reaches(cluster.Rollouts, f.Value, cluster.Rollouts.Get(key.Namespace, key.Name)),
        nameof(ReplicaSet) => Reaches(cluster.ReplicaSets, f.Value, [.. cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, key.Uid)]),
        nameof(AnalysisRun) => Reaches(cluster.AnalysisRuns, f.Value, [.. cluster.AnalysisRuns.ByIndex(ClusterCache.ByOwner, key.Uid)]),
        _ => Reaches(cluster.Services, f.Value, [.. cluster.Services.List(key.Namespace)]),
    });

    private static bool Reaches<T>(ResourceCache<T> cache, long floor, params ReadOnlySpan<T?> objects)
        where T : class, k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>
    {
        if (cache.SeenUpTo >= floor)
        {
            return true;
        }

        foreach (var value in objects)
        {
            if (value is not null && long.TryParse(value.Metadata.ResourceVersion, out var version) && version >= floor)
            {
                return true;
            }
        }

        return false;
    }

    private async Task ReadLiveAsync(RolloutKey key, CancellationToken cancel)
    {
        var rollout = await writer.GetAsync(Kinds.Rollouts, cluster.Rollouts, key.Namespace, key.Name, cancel);
        if (rollout is null)
        {
            if (cluster.Rollouts.Get(key.Namespace, key.Name) is { } gone)
            {
                cluster.Rollouts.Remove(gone);
            }

            return;
        }

        await writer.ListAsync(Kinds.ReplicaSets, cluster.ReplicaSets, key.Namespace, ArgoNames.PodTemplateHash, cancel);
        foreach (var (_, service) in ReferenceValidation.Services(rollout.Spec ?? new RolloutSpec()).Where(s => !string.IsNullOrEmpty(s.Name)))
        {
            await writer.GetServiceAsync(cluster.Services, key.Namespace, service!, cancel);
        }
    }

    private Observation Compose(Rollout rollout)
    {
        var view = Views.Of(rollout);
        var services = new Dictionary<string, ServiceView>();
        foreach (var (_, name) in ReferenceValidation.Services(view.Spec))
        {
            if (!string.IsNullOrEmpty(name) && cluster.Services.Get(view.Namespace, name) is { } service)
            {
                services[name] = Views.Of(service);
            }
        }

        return new Observation
        {
            Rollout = view,
            ReplicaSets = [.. cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, view.Uid).Where(r => r.Metadata.DeletionTimestamp is null).Select(Views.Of)],
            Services = services,
            AnalysisError = composer.Error(view),
            AnalysisRuns = [.. cluster.AnalysisRuns.ByIndex(ClusterCache.ByOwner, view.Uid).Where(r => r.Metadata.DeletionTimestamp is null).Select(Views.Of)],
        };
    }
}
