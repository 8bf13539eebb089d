using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>
/// The workloads that may lend their pod templates to Rollouts. A kind is only watched from the first Rollout on that refers to one of it: clusters have many
/// Deployments, and most have nothing to do with Rollouts.
/// </summary>
public sealed class WorkloadCaches
{
    // A kind that may not be listed must not hold up whoever asks for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<WorkloadKind, ResourceCache<Workload>> _caches = WorkloadKind.All.ToDictionary(k => k, _ => new ResourceCache<Workload>());
    private readonly HashSet<WorkloadKind> _watched = [];
    private readonly Action<ResourceKind<Workload>, ResourceCache<Workload>> _watch;

    /// <summary>Makes the caches.</summary>
    /// <param name="watch">Starts watching a kind.</param>
    internal WorkloadCaches(Action<ResourceKind<Workload>, ResourceCache<Workload>> watch)
    {
        _watch = watch;
        foreach (var (kind, cache) in _caches)
        {
            cache.Changed += change => Changed?.Invoke(kind, (change.New ?? change.Old)!);
        }
    }

    /// <summary>Raised after a workload changed.</summary>
    public event Action<WorkloadKind, Workload>? Changed;

    /// <summary>The cache of a kind.</summary>
    public ResourceCache<Workload> Of(WorkloadKind kind) => _caches[kind];

    /// <summary>Sees to it that the workload a Rollout refers to is watched; at once, if it is already or there is none.</summary>
    public async Task EnsureAsync(RolloutSpec? spec, CancellationToken cancel)
    {
        if (spec?.WorkloadRef is not { } reference || WorkloadKind.Of(reference) is not { } kind)
        {
            return;
        }

        var cache = _caches[kind];
        lock (_watched)
        {
            if (_watched.Add(kind))
            {
                _watch(Kinds.Workloads[kind], cache);
            }
        }

        if (!cache.HasSynced)
        {
            await cache.WaitForSyncAsync(cancel).WaitAsync(Patience, cancel);
        }
    }
}
