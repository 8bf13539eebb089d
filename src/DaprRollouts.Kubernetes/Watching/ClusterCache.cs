using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>What of the cluster is watched.</summary>
/// <param name="Namespace">Only this namespace; null for all.</param>
/// <param name="InstanceId">Only Rollouts and analysis of this instance; null for those that belong to none.</param>
public sealed record ClusterCacheOptions(string? Namespace = null, string? InstanceId = null);

/// <summary>Everything that decisions about rollouts rest on, kept up to date.</summary>
public sealed class ClusterCache : IAsyncDisposable
{
    /// <summary>The index by the uid of the controlling owner.</summary>
    public const string ByOwner = "owner";

    /// <summary>The index of ReplicaSets that nobody owns, by namespace.</summary>
    public const string Orphans = "orphans";

    /// <summary>The index of Services by the Rollout that manages them: see <see cref="RolloutIn"/>.</summary>
    public const string ByRollout = "rollout";

    /// <summary>The index of Rollouts by the workload that they refer to: see <see cref="WorkloadIn"/>.</summary>
    public const string ByWorkload = "workload";

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _reflectors = [];
    private readonly k8s.Kubernetes _client;
    private readonly ClusterCacheOptions _options;
    private readonly ILogger _logger;

    public ClusterCache(k8s.Kubernetes client, ClusterCacheOptions options, ILogger<ClusterCache> logger)
    {
        (_client, _options, _logger) = (client, options, logger);
        Workloads = new WorkloadCaches((kind, cache) => Watch(kind, cache, null));
    }

    public ResourceCache<Rollout> Rollouts { get; } = new((ByWorkload, WorkloadOf));

    public ResourceCache<ReplicaSet> ReplicaSets { get; } = new((ByOwner, OwnerUid), (Orphans, r => OwnerUid(r) is null ? r.Metadata.NamespaceProperty : null));

    public ResourceCache<V1Service> Services { get; } = new((ByRollout, s => RolloutOf(s) is { } name ? RolloutIn(s.Metadata.NamespaceProperty, name) : null));

    public ResourceCache<AnalysisRun> AnalysisRuns { get; } = new((ByOwner, OwnerUid));

    public ResourceCache<AnalysisTemplate> AnalysisTemplates { get; } = new();

    public ResourceCache<ClusterAnalysisTemplate> ClusterAnalysisTemplates { get; } = new();

    /// <summary>Workloads that may lend their pod templates to Rollouts.</summary>
    public WorkloadCaches Workloads { get; }

    public ResourceCache<Experiment> Experiments { get; } = new((ByOwner, OwnerUid));

    /// <summary>Whether every first list is complete.</summary>
    public bool HasSynced =>
        Rollouts.HasSynced && ReplicaSets.HasSynced && Services.HasSynced && AnalysisRuns.HasSynced && AnalysisTemplates.HasSynced
        && ClusterAnalysisTemplates.HasSynced && Experiments.HasSynced;

    /// <summary>Starts watching, and returns when every first list is complete.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var instance = _options.InstanceId is { Length: > 0 } id ? $"{ArgoNames.InstanceId}={id}" : $"!{ArgoNames.InstanceId}";
        Watch(Kinds.Services, Services, null);
        Watch(Kinds.ReplicaSets, ReplicaSets, ArgoNames.PodTemplateHash);
        Watch(Kinds.AnalysisTemplates, AnalysisTemplates, instance);
        Watch(Kinds.ClusterAnalysisTemplates, ClusterAnalysisTemplates, instance);
        Watch(Kinds.AnalysisRuns, AnalysisRuns, instance);
        Watch(Kinds.Experiments, Experiments, instance);
        Watch(Kinds.Rollouts, Rollouts, instance);
        await Task.WhenAll(
            Rollouts.WaitForSyncAsync(cancel),
            ReplicaSets.WaitForSyncAsync(cancel),
            Services.WaitForSyncAsync(cancel),
            AnalysisRuns.WaitForSyncAsync(cancel),
            AnalysisTemplates.WaitForSyncAsync(cancel),
            ClusterAnalysisTemplates.WaitForSyncAsync(cancel),
            Experiments.WaitForSyncAsync(cancel));
    }

    /// <summary>Stops watching; what is known stays readable.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_reflectors).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private void Watch<T>(ResourceKind<T> kind, ResourceCache<T> cache, string? labelSelector)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var reflector = new Reflector<T>(_client, kind, cache, kind.IsNamespaced ? _options.Namespace : null, labelSelector, _logger);
        _reflectors.Add(Task.Run(() => reflector.RunAsync(_stopping.Token)));
    }

    /// <summary>The key of a Rollout in an index.</summary>
    public static string RolloutIn(string ns, string name) => $"{ns}/{name}";

    /// <summary>The key of a workload in an index.</summary>
    public static string WorkloadIn(string ns, WorkloadKind kind, string name) => $"{kind.Resource}/{ns}/{name}";

    /// <summary>The name of the Rollout that switches a Service; none where there is just a mark, as somebody wrote it, and no pod template hash to select by.</summary>
    public static string? RolloutOf(V1Service service) =>
        service.Spec.Selector?.ContainsKey(ArgoNames.PodTemplateHash) == true
        && service.Metadata.Annotations?.TryGetValue(ArgoNames.ManagedByRollouts, out var rollout) == true
            ? rollout
            : null;

    private static string? WorkloadOf(Rollout rollout) =>
        rollout.Spec?.WorkloadRef is { Name: { } name } reference && WorkloadKind.Of(reference) is { } kind
            ? WorkloadIn(rollout.Metadata.NamespaceProperty, kind, name)
            : null;

    private static string? OwnerUid(IKubernetesObject<V1ObjectMeta> value) =>
        value.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true)?.Uid;
}
