using System.Text;
using System.Text.Json;
using DaprRollouts.Conformance.Metrics;
using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Scenarios;

/// <summary>Whole analyses, with the executor as a user starts it.</summary>
public sealed class AnalysisScenarios : IAsyncLifetime
{
    private const string Credential = "tr0ub4dor-and-3";

    private MetricPeer _server = null!;
    private int _answered;

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Killing_the_executor_loses_no_measurement_and_doubles_none(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.AsProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        _server.Answer = context => context.Response.WriteAsync($$"""{"n": {{Interlocked.Increment(ref _answered)}}}""");
        await user.CreateRunAsync(Run("""
            "metrics": [{"name": "m", "interval": "1s", "count": 15, "successCondition": "result.n > 0", "provider": {"web": {"url": "SERVER"}}}],
            "measurementRetention": [{"metricName": "m", "limit": 50}]
            """));
        for (var kills = 1; kills <= 3; kills++)
        {
            await user.WaitAsync(s => s.MetricResults?[0].Count >= kills, $"{kills} measurements");
            await executor.KillAndRestartAsync();
        }

        var status = await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end");

        var result = status.MetricResults![0];
        Assert.Equal(("Successful", 15, 15, 15), (status.Phase, result.Count, result.Successful, result.Measurements!.Count));
        var numbers = result.Measurements.Select(m => JsonDocument.Parse(m.Value!).RootElement.GetProperty("n").GetInt32()).ToList();
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.InRange(_answered, 15, 18); // an answer that a kill came upon before it was noted down is asked for again
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Credentials_are_nowhere_but_in_the_request(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.AsProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        var rollouts = new RolloutUser(cluster);
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "account" }, StringData = new Dictionary<string, string> { ["token"] = Credential } }, cluster.Namespace);

        // A server that tells everybody what it was told, in good answers and bad ones.
        _server.Answer = context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref _answered) % 3 == 0 ? 500 : 200;
            return context.Response.WriteAsync($$"""{"ok": true, "token": "{{context.Request.Headers["X-Token"]}}", "asked": "{{context.Request.QueryString}}"}""");
        };
        const string metric = """
            {"name": "m", "interval": "1s", "count": 3, "successCondition": "result.ok && result.token != '{{args.token}}0'",
             "provider": {"web": {"url": "SERVER?key={{args.token}}", "headers": [{"key": "X-Token", "value": "{{args.token}}"}]}}},
            {"name": "p", "successCondition": "result[0] > 0", "consecutiveErrorLimit": 0,
             "provider": {"prometheus": {"address": "SERVER", "query": "up{token=\"{{args.token}}\"}", "authentication": {"basicAuth": {"username": "u", "password": "{{args.token}}"}}}}}
            """;
        const string args = """[{"name": "token", "valueFrom": {"secretKeyRef": {"name": "account", "key": "token"}}}]""";
        await user.CreateTemplateAsync(Run($$""" "metrics": [{{metric}}], "args": {{args}} """));
        await user.CreateRunAsync(Run($$""" "metrics": [{{metric}}], "args": {{args}} """));
        await rollouts.CreateAsync("""{"canary": {"steps": [{"setWeight": 50}, {"analysis": {"templates": [{"templateName": "check"}]}}]}}""");
        await rollouts.WaitForPhaseAsync(RolloutPhase.Healthy);
        await rollouts.SetImageAsync("example/app:2");
        await rollouts.WaitForPhaseAsync(RolloutPhase.Degraded);
        await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end");

        Assert.Contains(_server.Requests, r => r.Headers.GetValueOrDefault("X-Token") == Credential && r.Query["key"] == Credential);
        foreach (var (place, text) in await PlacesAsync(cluster, executor, user, rollouts))
        {
            foreach (var form in (string[])[Credential, Convert.ToBase64String(Encoding.UTF8.GetBytes(Credential)), Convert.ToBase64String(Encoding.UTF8.GetBytes($"u:{Credential}"))])
            {
                Assert.False(text.Contains(form, StringComparison.Ordinal), $"{place} holds the credential");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Missing_data_and_a_worse_canary_are_judged_by_the_policies_of_the_templates(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        var rollouts = new RolloutUser(cluster);
        _server.Answer = context => context.Response.WriteAsync("[4, 1]");
        await user.CreateTemplateAsync(
            Run(""" "metrics": [{"name": "latency", "interval": "200ms", "count": 30, "successCondition": "len(result) == 2", "provider": {"web": {"url": "SERVER"}}}] """),
            """{"dapr-rollouts.io/metrics": "latency: {onNoData: inconclusive, minSamples: 10, compare: {method: sequential}}"}""");
        await rollouts.CreateAsync("""{"canary": {"steps": [{"setWeight": 50}, {"analysis": {"templates": [{"templateName": "check"}]}}]}}""");
        await rollouts.WaitForPhaseAsync(RolloutPhase.Healthy);

        await rollouts.SetImageAsync("example/app:2");
        var aborted = await rollouts.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Contains("canary is worse than baseline", aborted.Status!.Message, StringComparison.Ordinal);

        _server.Answer = context => context.Response.WriteAsync("[]");
        await rollouts.SetImageAsync("example/app:3");
        await rollouts.WaitAsync(s => s.Phase == RolloutPhase.Paused && s.PauseConditions?.Any(p => p.Reason == "InconclusiveAnalysisRun") == true, "a pause");
    }

    [Theory]
    [InlineData("background.yaml", "canary.analysis", "an analysis needs templates")]
    [InlineData("inline.yaml", "canary.steps[2].analysis", "an analysis step needs at least one template")]
    [InlineData("pre-promotion.yaml", "blueGreen.prePromotionAnalysis", "an analysis needs templates")]
    [InlineData("post-promotion.yaml", "blueGreen.postPromotionAnalysis", "an analysis needs templates")]
    public async Task A_rollout_whose_templates_are_misspelt_says_that_it_has_none(string file, string field, string problem)
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateServiceAsync("active-svc");
        await user.CreateServiceAsync("preview-svc");

        await user.CreateAsync(TutorialManifests.Spec(file)["strategy"]!.ToJsonString());

        var refused = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Contains($"spec.strategy.{field}.templates: ", refused.Status!.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Status.Message, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => _server = await MetricPeer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<IReadOnlyList<(string Place, string Text)>> PlacesAsync(
        TestCluster cluster, RunningExecutor executor, AnalysisUser user, RolloutUser rollouts)
    {
        List<(string, string)> places =
        [
            .. Directory.EnumerateFiles(executor.Data, "*", SearchOption.AllDirectories).Select(f => (f, ReadShared(f))),
            ("the log", executor.Log),
            ("the AnalysisRuns", string.Join('\n', await user.AllAsync())),
            ("the Rollout", JsonSerializer.Serialize(await rollouts.GetAsync(), ModelJson.Options)),
            ("the events", JsonSerializer.Serialize(await cluster.Client.CoreV1.ListNamespacedEventAsync(cluster.Namespace))),
        ];
        foreach (var path in (string[])["metrics", $"api/v1/namespaces/{cluster.Namespace}/rollouts", $"api/v1/namespaces/{cluster.Namespace}/rollouts/app", $"api/v1/namespaces/{cluster.Namespace}/rollouts/app/history"])
        {
            places.Add((path, await executor.Http.GetStringAsync(path)));
        }

        Assert.Contains(places, p => p.Item1.EndsWith("engine.db", StringComparison.Ordinal));
        return places;
    }

    // The engine has its database open.
    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private string Run(string members) => $"{{{members}}}".Replace("SERVER", _server.Address.ToString());
}
