using DaprRollouts.Activities;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>An executor, as far as analysis is concerned; its cache has seen nothing but what it wrote itself.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly AnalysisStage _stage;
    private readonly k8s.Kubernetes _client;
    private readonly ClusterCache _cache;
    private readonly EventRecorder _events;

    public Replica(AnalysisStage stage, params DelegatingHandler[] handlers)
    {
        _stage = stage;
        _client = ClusterConnection.ClientOf(new k8s.KubernetesClientConfiguration { Host = stage.Cluster.Cluster.Uri.ToString() }, handlers);
        Writer = new ClusterWriter(_client);
        _cache = new ClusterCache(_client, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance);
        _events = new EventRecorder(_client, stage.Cluster.Clock, NullLogger<EventRecorder>.Instance);
    }

    public ClusterWriter Writer { get; }

    public Task<AnalysisReport> LookAsync(AnalysisRunKey key, AnalysisMemory memory, IMetricProvider provider)
    {
        var clock = _stage.Cluster.Clock;
        var publisher = new AnalysisRunPublisher(_cache, Writer, _events);
        var turn = new AnalysisTurn(publisher, new Measurer(new ProviderCatalog([provider]), new SecretReader(_client, SecretStores.None), clock), clock);
        return turn.TakeAsync(new AnalysisRound(key, memory), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _cache.DisposeAsync();
        _client.Dispose();
    }
}
