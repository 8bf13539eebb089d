using DaprRollouts.Activities;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.DevCluster;
using DaprRollouts.Kubernetes.CustomResources;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>An embedded cluster with one AnalysisRun, and what its activity works with. It sees how large the run gets.</summary>
internal sealed class AnalysisCluster : IAsyncDisposable
{
    private readonly EmbeddedCluster _cluster;
    private readonly SizeGauge _gauge = new();
    private readonly k8s.Kubernetes _client;

    private AnalysisCluster(EmbeddedCluster cluster)
    {
        _cluster = cluster;
        _client = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = cluster.Uri.ToString() }, _gauge);
    }

    /// <summary>The most bytes that the run had after a write.</summary>
    public int MostBytes => _gauge.Most;

    public static async Task<AnalysisCluster> StartAsync()
    {
        var cluster = new AnalysisCluster(await EmbeddedCluster.StartAsync());
        foreach (var (_, text) in CrdManifests.Files())
        {
            await cluster.PostAsync("apis/apiextensions.k8s.io/v1/customresourcedefinitions", text);
        }

        await cluster._cluster.WhenIdleAsync();
        return cluster;
    }

    /// <summary>Makes the run.</summary>
    public async Task<AnalysisRunKey> CreateAsync(string spec)
    {
        await PostAsync("apis/argoproj.io/v1alpha1/namespaces/default/analysisruns", $"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {{name: run}}\nspec: {spec}\n");
        return new AnalysisRunKey { Namespace = "default", Name = "run", Uid = (await ReadAsync()).Metadata.Uid };
    }

    public async Task<AnalysisRun> ReadAsync() => (await new ClusterWriter(_client).GetAsync(Kinds.AnalysisRuns, null, "default", "run", TestContext.Current.CancellationToken))!;

    /// <summary>Registers what the activity works with.</summary>
    public IServiceCollection Register(IServiceCollection services, IMetricProvider provider) => services
        .AddSingleton(_client)
        .AddSingleton(new ClusterCache(_client, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance))
        .AddSingleton(new ClusterWriter(_client))
        .AddSingleton(p => new EventRecorder(_client, p.GetRequiredService<TimeProvider>(), NullLogger<EventRecorder>.Instance))
        .AddSingleton(new ProviderCatalog([provider]))
        .AddSingleton(new SecretReader(_client, SecretStores.None))
        .AddSingleton<AnalysisRunPublisher>()
        .AddSingleton<Measurer>()
        .AddSingleton<AnalysisTurn>();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    private async Task PostAsync(string path, string yaml)
    {
        using var client = new HttpClient { BaseAddress = _cluster.Uri };
        using var content = new StringContent(ApiScript.ToJson(yaml), System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private sealed class SizeGauge : DelegatingHandler
    {
        public int Most { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Patch)
            {
                await answer.Content.LoadIntoBufferAsync(cancellationToken);
                Most = Math.Max(Most, (int)answer.Content.Headers.ContentLength!.Value);
            }

            return answer;
        }
    }
}
