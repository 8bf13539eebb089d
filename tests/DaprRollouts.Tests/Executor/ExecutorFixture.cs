using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Conformance;
using DaprRollouts.DevCluster;
using DaprRollouts.Executor;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.CustomResources;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Tests.Executor;

/// <summary>An executor on an embedded cluster that has one Rollout, <c>default/app</c>, paused at its first step in revision 2.</summary>
public sealed class ExecutorFixture : IAsyncLifetime
{
    private const string Manifest = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "app"},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "app"}}, "strategy": {"canary": {"steps": [{"setWeight": 50}, {"pause": {}}]}},
          "template": {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": "example/app:1"}]}}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dapr-rollouts-test-");
    private EmbeddedCluster? _cluster;
    private WebApplication? _executor;
    private k8s.Kubernetes? _client;

    /// <summary>How to reach the cluster.</summary>
    public string Kubeconfig => Path.Combine(_folder.FullName, "kubeconfig");

    public HttpClient Http { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}/") };

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync();
        _cluster.WriteKubeconfig(Kubeconfig);
        _client = ClusterConnection.Open(Kubeconfig).Client;
        await CrdInstaller.InstallAsync(_client);
        await _cluster.WhenIdleAsync();
        _executor = ExecutorHost.Build(new ExecutorOptions
        {
            Kubeconfig = Kubeconfig, Data = Path.Combine(_folder.FullName, "engine"), Urls = Http.BaseAddress!.ToString(), LogLevel = LogLevel.Error,
        });
        await _executor.StartAsync();
        await _client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(JsonNode.Parse(Manifest), "argoproj.io", "v1alpha1", "default", "rollouts");
        await UntilAsync("Healthy");
        await _client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
            new V1Patch("""[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "example/app:2"}]""", V1Patch.PatchType.JsonPatch),
            "argoproj.io", "v1alpha1", "default", "rollouts", "app");
        await UntilAsync("Paused");
    }

    /// <summary>Waits until the API shows the Rollout in a phase; what it then shows.</summary>
    public Task<JsonElement> UntilAsync(string phase) => UntilAsync(r => r.GetProperty("summary").GetProperty("phase").GetString() == phase, phase);

    /// <summary>Changes the Rollout by a JSON merge patch.</summary>
    public Task PatchAsync(string patch) => _client!.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
        new V1Patch(patch, V1Patch.PatchType.MergePatch), "argoproj.io", "v1alpha1", "default", "rollouts", "app");

    /// <summary>Waits until the API shows the Rollout as it is to be; what it then shows.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> reached, string what) =>
        JsonSerializer.Deserialize<JsonElement>(await UntilAsync("api/v1/namespaces/default/rollouts/app", seen => reached(JsonSerializer.Deserialize<JsonElement>(seen)), what));

    /// <summary>Waits until an address answers as it is to; the answer.</summary>
    public async Task<string> UntilAsync(string path, Func<string, bool> reached, string what)
    {
        var patience = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = "nothing";
        while (await timer.WaitForNextTickAsync() && patience.Elapsed < Patience)
        {
            using var answer = await Http.GetAsync(path);
            seen = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && reached(seen))
            {
                return seen;
            }
        }

        throw new TimeoutException($"{what} was not reached; last seen: {seen}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _executor!.StopAsync();
        await _executor.DisposeAsync();
        _client!.Dispose();
        await _cluster!.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
