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

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _reflectors = [];
    private readonly k8s.Kubernetes _client;
    private readonly ClusterCacheOptions _options;
    private readonly ILogger _logger;

    public ClusterCache(k8s.Kubernetes client, ClusterCacheOptions options, ILogger<ClusterCache> logger) =>
        (_client, _options, _logger) = (client, options, logger);

    public ResourceCache<Rollout> Rollouts { get; } = new();

    public ResourceCache<ReplicaSet> ReplicaSets { get; } = new((ByOwner, OwnerUid));

    public ResourceCache<V1Service> Services { get; } = new();

    public ResourceCache<AnalysisRun> AnalysisRuns { get; } = new((ByOwner, OwnerUid));

    public ResourceCache<AnalysisTemplate> AnalysisTemplates { get; } = new();

    public ResourceCache<ClusterAnalysisTemplate> ClusterAnalysisTemplates { get; } = new();

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

    private static string? OwnerUid(IKubernetesObject<V1ObjectMeta> value) =>
        value.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true)?.Uid;
}
