using System.Text.Json;
using DaprRollouts.Conformance.Metrics;
using DaprRollouts.Core.Model;
using k8s;

namespace DaprRollouts.Scenarios;

/// <summary>An executor whose environment names a proxy.</summary>
public sealed class ProxyScenarios
{
    private const string Password = "tr0ub4dor-and-3";

    [Fact]
    public async Task Metrics_go_through_the_proxy_the_API_server_does_not_and_nothing_shows_the_password()
    {
        await using var proxy = new ScriptedProxy { Account = $"user:{Password}" };
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var executor = await RunningExecutor.AsProcessAsync(
            cluster, ("HTTP_PROXY", $"http://user:{Password}@127.0.0.1:{proxy.Port}"), ("HTTPS_PROXY", $"http://user:{Password}@127.0.0.1:{proxy.Port}"), ("NO_PROXY", ".example"));
        var user = new AnalysisUser(cluster);

        await user.CreateRunAsync(Metric("http://metrics.test/rate", "result startsWith 'GET http://metrics.test/rate'"));
        Assert.Equal("Successful", (await EndAsync("run")).Phase);
        proxy.Account = "user:changed";
        await user.CreateRunAsync(Metric("http://other.test/rate", "true"), "refused");
        await user.CreateRunAsync(Metric("https://other.test/rate", "true"), "refused-tunnel");
        await user.CreateRunAsync(Metric("http://unknown.example/rate", "true"), "direct");
        foreach (var name in (string[])["refused", "refused-tunnel", "direct"])
        {
            Assert.Equal("Error", (await EndAsync(name)).Phase);
        }

        Assert.Equal("GET http://metrics.test/rate HTTP/1.1", Assert.Single(proxy.Requests));
        Assert.DoesNotContain(Password, executor.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, string.Join('\n', await user.AllAsync()), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, JsonSerializer.Serialize(await cluster.Client.CoreV1.ListNamespacedEventAsync(cluster.Namespace)), StringComparison.Ordinal);

        Task<AnalysisRunStatus> EndAsync(string name) => user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end", name);
    }

    private static string Metric(string url, string condition) =>
        """{"metrics": [{"name": "m", "consecutiveErrorLimit": 0, "successCondition": "CONDITION", "provider": {"web": {"url": "URL"}}}]}"""
            .Replace("CONDITION", condition).Replace("URL", url);
}
