using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>
/// Reads all that a decision about a rollout rests on: from the caches, or, where these may be older than the rollout's own last write, from the API server.
/// </summary>
public sealed class RolloutObserver(ClusterCache cluster, RouteCaches routes, ClusterWriter writer, AnalysisComposer composer, PodReader pods, TimeProvider time)
{
    private readonly AbortWitness _aborts = new(cluster.Rollouts);

    /// <summary>Templates that the API server refused.</summary>
    public TemplateRefusals Refusals { get; } = new(time);

    /// <summary>The rollout as the caches have it; null if it is not there.</summary>
    public Observation? FromCache(string ns, string name) =>
        cluster.Rollouts.Get(ns, name) is { Metadata.DeletionTimestamp: null } rollout ? Compose(rollout) : null;

    /// <summary>Sees to it that what the rollout refers to is in the caches.</summary>
    public async Task PrepareAsync(string ns, string name, CancellationToken cancel)
    {
        if (cluster.Rollouts.Get(ns, name) is { } rollout)
        {
            await cluster.Workloads.EnsureAsync(rollout.Spec, cancel);
            await routes.EnsureAsync(TrafficRouters.Reads(Views.Of(rollout)), cancel);
        }
    }

    /// <summary>The rollout, no older than its own last write; null if it is gone.</summary>
    public async Task<Observation?> ObserveAsync(RolloutKey key, RolloutScene scene, CancellationToken cancel)
    {
        if (scene.MustReadLive || !IsFresh(key, scene.Floor))
        {
            await ReadLiveAsync(key, cancel);
            scene.MustReadLive = false;
        }

        await PrepareAsync(key.Namespace, key.Name, cancel);
        if (FromCache(key.Namespace, key.Name) is not { } seen || seen.Rollout.Uid != key.Uid)
        {
            return null;
        }

        return seen.Rollout.Spec.RestartAt is null ? seen : seen with { Pods = await pods.ReadAsync(new Facts(seen, time.GetUtcNow()), cancel) };
    }

    private bool IsFresh(RolloutKey key, IReadOnlyDictionary<string, long> floor) => floor.All(f => f.Key switch
    {
        FloorKinds.Rollout => Reaches(cluster.Rollouts, f.Value, cluster.Rollouts.Get(key.Namespace, key.Name)),
        FloorKinds.ReplicaSet => Reaches(cluster.ReplicaSets, f.Value, [.. cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, key.Uid)]),
        FloorKinds.AnalysisRun => Reaches(cluster.AnalysisRuns, f.Value, [.. cluster.AnalysisRuns.ByIndex(ClusterCache.ByOwner, key.Uid)]),
        FloorKinds.Workload => WorkloadOf(cluster.Rollouts.Get(key.Namespace, key.Name)) is not var (cache, workload) || Reaches(cache, f.Value, workload),
        FloorKinds.Service => Reaches(cluster.Services, f.Value, [.. cluster.Services.List(key.Namespace)]),
        _ => routes.Reaches(f.Key, f.Value),
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

        if (rollout.Spec?.WorkloadRef is { Name: { } workload } reference && WorkloadKind.Of(reference) is { } kind)
        {
            await writer.GetAsync(Kinds.Workloads[kind], cluster.Workloads.Of(kind), key.Namespace, workload, cancel);
        }

        // Those of all rollouts of a namespace can be megabytes.
        var own = rollout.Spec?.Selector is { } selector && Selectors.Format(selector) is { Length: > 0 } labels ? $"{labels},{ArgoNames.PodTemplateHash}" : null;
        await writer.ListAsync(Kinds.ReplicaSets, cluster.ReplicaSets, key.Namespace, own ?? ArgoNames.PodTemplateHash, cancel);
        foreach (var service in ReferenceValidation.Services(rollout.Spec ?? new RolloutSpec()).Select(s => s.Name).Concat(ManagedServices(key.Namespace, key.Name)).Distinct())
        {
            if (!string.IsNullOrEmpty(service))
            {
                await writer.GetServiceAsync(cluster.Services, key.Namespace, service, cancel);
            }
        }

        foreach (var which in TrafficRouters.Reads(Views.Of(rollout)).Objects)
        {
            if (await routes.FindAsync(which.Kind) is var (routeKind, cache))
            {
                await writer.GetAsync(routeKind, cache, which.Namespace, which.Name, cancel);
            }
        }
    }

    private Observation Compose(Rollout rollout)
    {
        var (view, workload, workloadError) = WorkloadResolver.Resolve(Views.Of(rollout), cluster.Workloads);
        var services = new Dictionary<string, ServiceView>();
        foreach (var (_, name) in ReferenceValidation.Services(view.Spec))
        {
            if (!string.IsNullOrEmpty(name) && cluster.Services.Get(view.Namespace, name) is { } service)
            {
                services[name] = Views.Of(service);
            }
        }

        var owned = cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, view.Uid).Where(r => r.Metadata.DeletionTimestamp is null).ToLookup(r => Fits(view, r));
        var reads = TrafficRouters.Reads(view);
        var seen = new Observation
        {
            Rollout = view,
            AbortIsOlder = _aborts.SawTemplateComeAfterAbort(rollout),
            Workload = workload,
            WorkloadError = workloadError,
            Orphans = Orphans(view),
            StrayServices = [.. ManagedServices(view.Namespace, view.Name).Where(s => !services.ContainsKey(s)).Order(StringComparer.Ordinal)],
            Misfits = [.. owned[false].Select(r => r.Metadata.Name).Order(StringComparer.Ordinal)],
            ReplicaSets = [.. owned[true].Select(Views.Of)],
            Services = services,
            Routes = routes.Read(reads),
            StrayRoutes = new RouteObjects(routes.ManagedBy(view.Namespace, view.Name).Where(r => !reads.Objects.Contains(r.Key)), []),
            TemplateError = Refusals.Of(view),
            AnalysisError = composer.Error(view),
            AnalysisRuns = [.. cluster.AnalysisRuns.ByIndex(ClusterCache.ByOwner, view.Uid).Where(r => r.Metadata.DeletionTimestamp is null).Select(Views.Of)],
        };
        return view.Spec.RestartAt is null ? seen : seen with { Pods = pods.Known(new Facts(seen, time.GetUtcNow())) };
    }

    private IEnumerable<string> ManagedServices(string ns, string rollout) =>
        cluster.Services.ByIndex(ClusterCache.ByRollout, ClusterCache.RolloutIn(ns, rollout)).Select(s => s.Metadata.Name);

    private List<string> Orphans(RolloutView rollout)
    {
        var orphans = cluster.ReplicaSets.ByIndex(ClusterCache.Orphans, rollout.Namespace);
        return orphans.Count == 0 || rollout.Spec.Selector is not { } selector || Selectors.Format(selector).Length == 0
            ? []
            : [.. orphans.Where(r => r.Metadata.DeletionTimestamp is null && Selectors.Match(selector, Labels(r))).Select(r => r.Metadata.Name).Order(StringComparer.Ordinal)];
    }

    private static bool Fits(RolloutView rollout, ReplicaSet rs) => rollout.Spec.Selector is not { } selector || Selectors.Match(selector, Labels(rs));

    private static Dictionary<string, string> Labels(ReplicaSet rs) => new(rs.Metadata.Labels ?? new Dictionary<string, string>());

    private (ResourceCache<Workload> Cache, Workload? Workload)? WorkloadOf(Rollout? rollout) =>
        rollout?.Spec?.WorkloadRef is { Name: { } name } reference && WorkloadKind.Of(reference) is { } kind
            ? (cluster.Workloads.Of(kind), cluster.Workloads.Of(kind).Get(rollout.Metadata.NamespaceProperty, name))
            : null;
}
