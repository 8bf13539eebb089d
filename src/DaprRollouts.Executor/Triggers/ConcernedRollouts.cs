using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace DaprRollouts.Executor.Triggers;

/// <summary>Tells, until it is disposed, which Rollouts a change concerns to whatever they own or refer to.</summary>
internal sealed class ConcernedRollouts : IDisposable
{
    private readonly ClusterCache _cluster;
    private readonly RouteCaches _routes;
    private readonly Action<RolloutName> _add;

    public ConcernedRollouts(ClusterCache cluster, RouteCaches routes, Action<RolloutName> add)
    {
        (_cluster, _routes, _add) = (cluster, routes, add);
        cluster.ReplicaSets.Changed += OnOwned;
        cluster.AnalysisRuns.Changed += OnOwned;
        cluster.Services.Changed += OnService;
        cluster.Workloads.Changed += OnWorkload;
        cluster.AnalysisTemplates.Changed += OnTemplate;
        cluster.ClusterAnalysisTemplates.Changed += OnTemplate;
        routes.Changed += OnRoute;
    }

    /// <summary>All there are, and those that are gone and still manage a Service.</summary>
    public static IEnumerable<RolloutName> All(ClusterCache cluster) =>
        cluster.Rollouts.List().Select(RolloutName.Of).Concat(cluster.Services.List().Select(s => GoneManager(cluster, s)).OfType<RolloutName>());

    public void Dispose()
    {
        _cluster.ReplicaSets.Changed -= OnOwned;
        _cluster.AnalysisRuns.Changed -= OnOwned;
        _cluster.Services.Changed -= OnService;
        _cluster.Workloads.Changed -= OnWorkload;
        _cluster.AnalysisTemplates.Changed -= OnTemplate;
        _cluster.ClusterAnalysisTemplates.Changed -= OnTemplate;
        _routes.Changed -= OnRoute;
    }

    // The Rollout may have gone while nobody watched, or while its last activity still worked on the Service.
    private static RolloutName? GoneManager(ClusterCache cluster, V1Service service)
    {
        var ns = service.Metadata.NamespaceProperty;
        return ClusterCache.RolloutOf(service) is { } rollout && cluster.Rollouts.Get(ns, rollout) is null ? new RolloutName(ns, rollout) : null;
    }

    private void OnOwned<T>(ResourceChange<T> change)
        where T : ClusterObject
    {
        var value = (change.New ?? change.Old)!;
        if (value.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true && o.Kind == Kinds.Rollouts.Kind) is { } owner)
        {
            _add(new RolloutName(value.Metadata.NamespaceProperty, owner.Name));
        }
    }

    private void OnService(ResourceChange<V1Service> change)
    {
        var service = (change.New ?? change.Old)!;
        if (GoneManager(_cluster, service) is { } gone)
        {
            _add(gone);
        }

        foreach (var rollout in _cluster.Rollouts.List(service.Metadata.NamespaceProperty))
        {
            if (rollout.Spec is { } spec && ReferenceValidation.Services(spec).Any(s => s.Name == service.Metadata.Name))
            {
                _add(RolloutName.Of(rollout));
            }
        }
    }

    private void OnWorkload(WorkloadKind kind, Workload workload)
    {
        var key = ClusterCache.WorkloadIn(workload.Metadata.NamespaceProperty, kind, workload.Metadata.Name);
        foreach (var rollout in _cluster.Rollouts.ByIndex(ClusterCache.ByWorkload, key))
        {
            _add(RolloutName.Of(rollout));
        }
    }

    private void OnRoute(RouteObject changed)
    {
        foreach (var rollout in _cluster.Rollouts.List())
        {
            if (rollout.Spec?.Strategy?.Canary?.TrafficRouting is not null && Reads(rollout, changed))
            {
                _add(RolloutName.Of(rollout));
            }
        }
    }

    private static bool Reads(Rollout rollout, RouteObject which)
    {
        var reads = TrafficRouters.Reads(Views.Of(rollout));
        return reads.Objects.Contains(which) || reads.Selections.Any(s => s.Kind == which.Kind && s.Namespace == which.Namespace);
    }

    private void OnTemplate<T>(ResourceChange<T> change)
        where T : ClusterObject
    {
        foreach (var rollout in _cluster.Rollouts.List((change.New ?? change.Old)!.Metadata.NamespaceProperty))
        {
            _add(RolloutName.Of(rollout));
        }
    }
}

/// <summary>Where a Rollout is, and its name.</summary>
internal readonly record struct RolloutName(string Namespace, string Name)
{
    public static RolloutName Of(IKubernetesObject<V1ObjectMeta> rollout) => new(rollout.Metadata.NamespaceProperty, rollout.Metadata.Name);
}
