using DaprRollouts.Conformance.Metrics;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Scenarios;

/// <summary>Rollouts that a real Prometheus decides, which scrapes the counters of a real web server.</summary>
public sealed class PrometheusScenarios : IAsyncLifetime
{
    private const string ErrorRate = "sum(rate(errors_total[2s])) / sum(rate(requests_total[2s]))";

    private MetricPeer _app = null!;
    private long _requests;
    private long _errors;
    private int _errorsPerScrape;

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_healthy_canary_is_promoted_and_one_whose_error_rate_rises_is_aborted(string kind)
    {
        if (Binary() is not { } binary)
        {
            return;
        }

        await using var prometheus = await PrometheusServer.StartAsync(binary, _app.Address, TestContext.Current.CancellationToken);
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        await new AnalysisUser(cluster).CreateTemplateAsync(Spec(prometheus, ""));
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""
            {"canary": {"analysis": {"templates": [{"templateName": "check"}], "startingStep": 1},
                        "steps": [{"setWeight": 50}, {"pause": {"duration": "4s"}}, {"setWeight": 75}, {"pause": {}}]}}
            """);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.SetImageAsync("example/app:2");
        await user.WaitForPauseAsync(3);
        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        var promoted = await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(promoted.Status!.CurrentPodHash, promoted.Status.StableRs);

        await user.SetImageAsync("example/app:3");
        await user.WaitForPauseAsync(1);
        Volatile.Write(ref _errorsPerScrape, 5);
        var aborted = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Contains("Metric \"error-rate\" assessed Failed due to failed (2) > failureLimit (1)", aborted.Status!.Message, StringComparison.Ordinal);
        Assert.Equal(promoted.Status.StableRs, aborted.Status.StableRs);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_Prometheus_that_is_down_for_a_while_leads_to_errors_and_not_to_a_verdict(string kind)
    {
        if (Binary() is not { } binary)
        {
            return;
        }

        await using var prometheus = await PrometheusServer.StartAsync(binary, _app.Address, TestContext.Current.CancellationToken);
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        await user.CreateRunAsync(Spec(prometheus, "\"count\": 30,"));
        await user.WaitAsync(s => s.MetricResults?[0].Count >= 2, "measurements");

        await prometheus.KillAsync();
        var down = await user.WaitAsync(s => s.MetricResults?[0].Error >= 1, "an error");
        Assert.Equal("Running", down.Phase);
        await prometheus.RestartAsync(TestContext.Current.CancellationToken);

        var status = await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end");
        Assert.Equal(("Successful", 30, 0), (status.Phase, status.MetricResults![0].Count, status.MetricResults[0].Failed));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_template_with_mistakes_ends_in_errors_that_name_them_and_mended_it_works(string kind)
    {
        if (Binary() is not { } binary)
        {
            return;
        }

        await using var prometheus = await PrometheusServer.StartAsync(binary, _app.Address, TestContext.Current.CancellationToken);
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        (string, string)[] mends =
        [
            ("interval: 20s", "interval: 1s"),
            ("- name: service-name", "- {name: service-name, value: app-svc}"),
            ("- name: namespace", "- {name: namespace, value: default}"),
            ("http://prometheus.kub-prometheus-stack.svc.cluster.local.9090", prometheus.Address.ToString()),
            ("}}\"[2m]", "}}\"}[2m]"),
            ("result >=", "result[0] >="),
        ];

        foreach (var (name, mended, error) in new[] { ("as-is", 3, "local.9090"), ("address", 4, "parse error"), ("query", 5, "mismatched types") })
        {
            await user.CreateRunAsync(TutorialManifests.Spec("template.yaml", mends[..mended]).ToJsonString(), name);
            var status = await user.WaitAsync(s => s.MetricResults?[0].Measurements?.Any(m => m.Message?.Contains(error, StringComparison.Ordinal) == true) == true, error, name);
            Assert.Equal(("Running", 0), (status.Phase, status.MetricResults![0].Count));
        }

        await user.CreateRunAsync(TutorialManifests.Spec("template.yaml", mends).ToJsonString(), "mended");
        var end = await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end", "mended");
        Assert.Equal(("Successful", 3), (end.Phase, end.MetricResults![0].Successful));
    }

    public async ValueTask InitializeAsync()
    {
        _app = await MetricPeer.StartAsync();
        _app.Answer = async context =>
        {
            var requests = Interlocked.Add(ref _requests, 10);
            var errors = Interlocked.Add(ref _errors, Volatile.Read(ref _errorsPerScrape));
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"# TYPE requests_total counter\nrequests_total {requests}\n# TYPE errors_total counter\nerrors_total {errors}\n"
                + $"# TYPE http_requests_total counter\nhttp_requests_total{{service_name=\"app-svc\",namespace=\"default\",code=\"200\"}} {requests}\n");
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string? Binary()
    {
        if (PrometheusServer.Binary is { } binary)
        {
            return binary;
        }

        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Prometheus is not installed");
        Assert.Skip("Prometheus is not installed");
        return null;
    }

    // Right after its start there is nothing to tell a rate from.
    private static string Spec(PrometheusServer prometheus, string count) => """
        {"metrics": [{"name": "error-rate", "interval": "500ms", COUNT "failureLimit": 1, "consecutiveErrorLimit": 100, "initialDelay": "2s",
          "successCondition": "len(result) == 0 || !(result[0] >= 0.05)", "provider": {"prometheus": {"address": "ADDRESS", "query": "QUERY"}}}]}
        """.Replace("COUNT", count).Replace("ADDRESS", prometheus.Address.ToString()).Replace("QUERY", ErrorRate);
}
