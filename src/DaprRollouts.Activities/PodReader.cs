using System.Collections.Concurrent;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s.Models;

namespace DaprRollouts.Activities;

/// <summary>
/// The pods of rollouts that are being restarted. Pods are many, so they are not watched; but each change of theirs that matters changes the status of their
/// ReplicaSet, too, and what was read is good until then.
/// </summary>
public sealed class PodReader(ClusterCache cluster, ClusterWriter writer, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Look> _looks = new();

    /// <summary>The pods as last read; null if they are not needed, or may have changed since.</summary>
    public IReadOnlyList<PodView>? Known(Facts facts)
    {
        var uid = facts.Rollout.Uid;
        if (!RestartRules.IsActive(facts))
        {
            _looks.TryRemove(uid, out _);
            return null;
        }

        return _looks.TryGetValue(uid, out var look) && look.AsOf >= Version(uid) ? look.Pods : null;
    }

    /// <summary>Reads the pods, if a restart needs them.</summary>
    public async Task<IReadOnlyList<PodView>?> ReadAsync(Facts facts, CancellationToken cancel)
    {
        if (!RestartRules.IsActive(facts) || Known(facts) is not null)
        {
            return Known(facts);
        }

        var (uid, ns) = (facts.Rollout.Uid, facts.Rollout.Namespace);
        var version = Version(uid);
        var owners = cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, uid).ToDictionary(r => r.Metadata.Uid, r => r);
        var listed = await writer.ListAsync(Kinds.Pods, null, ns, Selectors.Format(facts.Spec.Selector), cancel);
        var refused = _looks.TryGetValue(uid, out var before) ? before.Refused : new Dictionary<string, DateTimeOffset>();
        var pods = from pod in listed
                   let owner = pod.Metadata.OwnerReferences?.Select(o => owners.GetValueOrDefault(o.Uid)).FirstOrDefault(r => r is not null)
                   where owner is not null
                   select View(pod, owner, refused);
        _looks[uid] = new Look(version, [.. pods], refused);
        return Known(facts);
    }

    /// <summary>A pod was evicted: what was read no longer holds.</summary>
    public void Evicted(string uid) => Change(uid, look => look with { AsOf = -1 });

    /// <summary>A disruption budget forbade to evict a pod: it is not asked again for a while.</summary>
    public void Refused(string uid, string pod) => Change(uid, look => look with
    {
        AsOf = -1, Refused = new Dictionary<string, DateTimeOffset>(look.Refused) { [pod] = RestartRules.AskAgain(look.Refused.Values, time.GetUtcNow()) },
    });

    private void Change(string uid, Func<Look, Look> change)
    {
        if (_looks.TryGetValue(uid, out var look))
        {
            _looks[uid] = change(look);
        }
    }

    private long Version(string uid) => cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, uid)
        .Select(r => long.TryParse(r.Metadata.ResourceVersion, out var version) ? version : 0)
        .DefaultIfEmpty(0)
        .Max();

    private PodView View(V1Pod pod, ReplicaSet owner, IReadOnlyDictionary<string, DateTimeOffset> refused)
    {
        var ready = pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Ready", Status: "True" });
        var since = ready?.LastTransitionTime is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : time.GetUtcNow();
        return new PodView
        {
            Name = pod.Metadata.Name,
            ReplicaSet = owner.Metadata.Name,
            Created = new DateTimeOffset(DateTime.SpecifyKind(pod.Metadata.CreationTimestamp ?? DateTime.MinValue, DateTimeKind.Utc)),
            Available = ready is not null && since.AddSeconds(owner.Spec?.MinReadySeconds ?? 0) <= time.GetUtcNow(),
            Deleting = pod.Metadata.DeletionTimestamp is not null,
            RefusedUntil = refused.TryGetValue(pod.Metadata.Name, out var until) ? until : null,
        };
    }

    private sealed record Look(long AsOf, IReadOnlyList<PodView> Pods, IReadOnlyDictionary<string, DateTimeOffset> Refused);
}
