using System.Text.Json.Nodes;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.CustomResources;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>
/// An AnalysisRun on the embedded cluster, in virtual time, looked at as its workflow would. Nothing watches: the cache knows only what was written, so that
/// whatever others do makes it stale.
/// </summary>
internal sealed class AnalysisStage : IAsyncDisposable
{
    private const string Runs = "/apis/argoproj.io/v1alpha1/namespaces/default/analysisruns";

    private readonly VirtualCluster _cluster;
    private readonly Replica _replica;

    private AnalysisStage(VirtualCluster cluster)
    {
        _cluster = cluster;
        _replica = new Replica(this);
    }

    public VirtualCluster Cluster => _cluster;

    public DateTimeOffset Now => _cluster.Clock.GetUtcNow();

    public static async Task<AnalysisStage> StartAsync()
    {
        var cluster = await VirtualCluster.StartAsync();
        foreach (var (_, text) in CrdManifests.Files())
        {
            await cluster.CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", text);
        }

        await cluster.AdvanceAsync(1);
        return new AnalysisStage(cluster);
    }

    public async Task<AnalysisRunKey> CreateAsync(string spec)
    {
        var run = await _cluster.CreateAsync(Runs, $"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {{name: run}}\nspec: {spec}\n");
        return new AnalysisRunKey { Namespace = "default", Name = "run", Uid = run["metadata"]!["uid"]!.ToString() };
    }

    public Task PatchAsync(string patch) => _cluster.PatchAsync($"{Runs}/run", patch);

    public Task DeleteAsync() => _cluster.DeleteAsync($"{Runs}/run");

    public Task<JsonNode> ReadAsync() => _cluster.GetAsync($"{Runs}/run");

    public async Task<AnalysisRunStatus> StatusAsync() =>
        System.Text.Json.JsonSerializer.Deserialize<AnalysisRunStatus>((await ReadAsync())["status"], ModelJson.Options)!;

    /// <summary>One look.</summary>
    public Task<AnalysisReport> LookAsync(AnalysisRunKey key, AnalysisMemory memory, IMetricProvider provider) => _replica.LookAsync(key, memory, provider);

    /// <summary>Looks at the run until it is over, and lets time pass in between; how often it looked.</summary>
    public async Task<int> RunAsync(AnalysisRunKey key, IMetricProvider provider, AnalysisMemory? memory = null)
    {
        memory ??= new AnalysisMemory();
        for (var looks = 1; looks < 500; looks++)
        {
            // As it is kept in a history, and comes back from it.
            var report = Copy(await LookAsync(key, memory, provider));
            if (report.IsOver)
            {
                return looks;
            }

            memory = report.Memory;
            Assert.NotNull(report.NextAt);
            await _cluster.AdvanceAsync(Math.Max(0, (report.NextAt.Value - Now).TotalSeconds));
        }

        throw new InvalidOperationException("the run does not end");
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private static AnalysisReport Copy(AnalysisReport report) =>
        System.Text.Json.JsonSerializer.Deserialize<AnalysisReport>(System.Text.Json.JsonSerializer.Serialize(report, System.Text.Json.JsonSerializerOptions.Web), System.Text.Json.JsonSerializerOptions.Web)!;
}
