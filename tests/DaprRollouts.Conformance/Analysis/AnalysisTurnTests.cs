using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>Looks at AnalysisRuns: what is measured, what is written and how often, and what happens when things go wrong in between.</summary>
public sealed class AnalysisTurnTests : IAsyncLifetime
{
    private const string EverySecond = "{metrics: [{name: m, interval: 1s, count: 30, provider: {web: {url: http://web}}}]}";

    private AnalysisStage _stage = null!;

    [Fact]
    public async Task Thirty_measurements_are_taken_on_the_second_and_written_a_few_at_a_time()
    {
        var key = await _stage.CreateAsync(EverySecond);
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var generation = (long)(await _stage.ReadAsync())["metadata"]!["generation"]!;
        var start = _stage.Now;

        await _stage.RunAsync(key, provider);

        var status = await _stage.StatusAsync();
        Assert.Equal(("Successful", 30, 10), (status.Phase, status.MetricResults![0].Successful, status.MetricResults[0].Measurements!.Count));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => start.AddSeconds(i)), provider.Times);
        Assert.InRange((long)(await _stage.ReadAsync())["metadata"]!["generation"]! - generation, 5, 8);
    }

    [Fact]
    public async Task Metrics_that_are_due_together_are_one_write()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: a, provider: {web: {url: http://a}}}, {name: b, provider: {web: {url: http://b}}}]}");
        var generation = (long)(await _stage.ReadAsync())["metadata"]!["generation"]!;

        var looks = await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, "Successful"));

        Assert.Equal((1, 1), (looks, (long)(await _stage.ReadAsync())["metadata"]!["generation"]! - generation));
    }

    [Fact]
    public async Task A_look_that_is_repeated_after_a_crash_adds_nothing_twice()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, interval: 10s, count: 3, provider: {web: {url: http://web}}}]}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");

        await _stage.LookAsync(key, new AnalysisMemory(), provider);
        await _stage.LookAsync(key, new AnalysisMemory(), provider);

        Assert.Equal(1, provider.Asked);
        Assert.Equal(1, (await _stage.StatusAsync()).MetricResults![0].Count);
    }

    [Fact]
    public async Task What_the_workflow_remembers_is_not_lost_and_not_added_twice()
    {
        var key = await _stage.CreateAsync(EverySecond);
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var first = await _stage.LookAsync(key, new AnalysisMemory(), provider);
        await _stage.Cluster.AdvanceAsync(1);
        var second = await _stage.LookAsync(key, first.Memory, provider);
        Assert.Single(second.Memory.Unwritten);

        // The measurement is written by a look whose answer is lost, and the look before it is repeated.
        await _stage.Cluster.AdvanceAsync(5);
        await _stage.LookAsync(key, second.Memory, provider);
        Assert.Equal(3, (await _stage.StatusAsync()).MetricResults![0].Count);
        await _stage.LookAsync(key, second.Memory, provider);

        Assert.Equal(3, (await _stage.StatusAsync()).MetricResults![0].Count);
        Assert.Equal(3, provider.Asked);
    }

    [Fact]
    public async Task A_stale_cache_leads_to_no_measurement()
    {
        var key = await _stage.CreateAsync(EverySecond);
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);

        // Another replica's cache, which has seen nothing but the creation, or not even that.
        await using var other = new Replica(_stage);
        var again = await other.LookAsync(key, report.Memory, provider);

        Assert.Equal((1, report.NextAt), (provider.Asked, again.NextAt));
    }

    [Fact]
    public async Task A_run_that_is_to_be_terminated_ends_though_the_cache_does_not_know_yet()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, interval: 1s, provider: {web: {url: http://web}}}]}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);
        await _stage.PatchAsync("{spec: {terminate: true}}");
        await _stage.Cluster.AdvanceAsync(1);

        // It notices at the latest when it writes again.
        var looks = await _stage.RunAsync(key, provider, report.Memory);

        var status = await _stage.StatusAsync();
        Assert.Equal(("Successful", "Run Terminated"), (status.Phase, status.Message));
        Assert.Equal(provider.Asked, status.MetricResults![0].Count);
        Assert.InRange(looks, 1, 6);
    }

    [Fact]
    public async Task A_failure_is_written_at_once()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, interval: 1s, count: 9, failureLimit: 1, provider: {web: {url: http://web}}}]}");

        await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, "Successful", "Failed", "Failed"));

        var status = await _stage.StatusAsync();
        Assert.Equal(("Failed", "Metric \"m\" assessed Failed due to failed (2) > failureLimit (1)"), (status.Phase, status.Message));
        Assert.Equal(3, status.MetricResults![0].Count);
    }

    [Fact]
    public async Task An_answer_that_a_provider_did_not_foresee_is_an_error_of_the_measurement()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, provider: {web: {url: http://web}}}]}");

        await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, _ => throw new FormatException("an odd answer")));

        var status = await _stage.StatusAsync();
        Assert.Equal(("Error", 5), (status.Phase, status.MetricResults![0].Error));
        Assert.EndsWith("\"Error Message: an odd answer\"", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_object_could_hold_is_cut()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, provider: {web: {url: http://web}}}]}");

        await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, "Successful") { Message = new string('x', 5_000_000) });

        var message = (await _stage.StatusAsync()).MetricResults![0].Measurements![0].Message!;
        Assert.Equal((10_003, "xxx..."), (message.Length, message[^6..]));
    }

    [Fact]
    public async Task What_is_under_way_is_ended_with_the_run()
    {
        var key = await _stage.CreateAsync("{metrics: [{name: m, provider: {web: {url: http://web}}}]}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Running");
        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);
        Assert.Equal(("Running", _stage.Now.AddSeconds(1)), ((await _stage.StatusAsync()).MetricResults![0].Last!.Phase, report.NextAt));

        await _stage.PatchAsync("{spec: {terminate: true}}");
        await using var fresh = new Replica(_stage);
        report = await fresh.LookAsync(key, report.Memory with { Floor = long.MaxValue }, provider);

        Assert.True(report.IsOver);
        Assert.Equal(("Inconclusive", "Metric Terminated"), ((await _stage.StatusAsync()).Phase, (await _stage.StatusAsync()).MetricResults![0].Last!.Message));
    }

    [Fact]
    public async Task A_run_that_is_gone_is_over()
    {
        var key = await _stage.CreateAsync(EverySecond);
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);
        Assert.True((await _stage.LookAsync(key with { Uid = "another" }, new AnalysisMemory(), provider)).IsOver);
        await _stage.DeleteAsync();
        await _stage.Cluster.AdvanceAsync(1);

        Assert.InRange(await _stage.RunAsync(key, provider, report.Memory), 1, 6);
    }

    [Fact]
    public async Task A_finished_run_is_deleted_when_its_time_is_over()
    {
        var key = await _stage.CreateAsync("{ttlStrategy: {secondsAfterCompletion: 20}, metrics: [{name: m, provider: {web: {url: http://web}}}]}");
        var start = _stage.Now;

        await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, "Successful"));

        Assert.Equal(start.AddSeconds(21), _stage.Now);
        await Assert.ThrowsAsync<HttpRequestException>(_stage.ReadAsync);
    }

    [Theory]
    [InlineData("{metrics: [{name: m, interval: 1x, provider: {web: {url: u}}}]}", "Analysis spec invalid: metrics[0]: invalid interval string: \"1x\"")]
    [InlineData("{metrics: [{name: '{{args.n}}', provider: {web: {url: u}}}]}", "Unable to resolve metric arguments: failed to resolve {{args.n}}")]
    [InlineData("{args: [{name: s, valueFrom: {secretKeyRef: {name: no, key: k}}}], metrics: [{name: m, initialDelay: 1h, provider: {web: {url: u}}}]}", "Unable to resolve metric arguments: secrets \"no\" not found")]
    [InlineData("{args: [{name: s, valueFrom: {secretKeyRef: {name: no, key: k}}}], metrics: [{name: m, provider: {web: {url: '{{args.s}}'}}}]}", "Unable to resolve metric arguments: secrets \"no\" not found")]
    public async Task A_run_that_cannot_be_carried_out_says_why(string spec, string message)
    {
        var key = await _stage.CreateAsync(spec);

        Assert.Equal(1, await _stage.RunAsync(key, new ScriptedMetrics(_stage.Cluster.Clock, "Successful")));

        var status = await _stage.StatusAsync();
        Assert.Equal(("Error", null), (status.Phase, status.CompletedAt));
        Assert.StartsWith(message, status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_nested_out_of_all_reason_says_where()
    {
        var deep = new string('[', 100) + new string(']', 100);
        var key = await _stage.CreateAsync($"{{metrics: [{{name: m, interval: 1s, provider: {{web: {{url: 'http://web', method: POST, jsonBody: {{deep: {deep}}}}}}}}}]}}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");

        Assert.Equal(1, await _stage.RunAsync(key, provider));

        var status = await _stage.StatusAsync();
        Assert.Equal(("Error", 0), (status.Phase, provider.Asked));
        Assert.StartsWith("Analysis spec invalid: spec.metrics[0].provider.web.jsonBody.deep[0][0]", status.Message, StringComparison.Ordinal);
        Assert.EndsWith("[0]: Invalid value: nested more than 60 levels deep", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_measured_is_kept_when_a_run_can_be_carried_out_no_longer()
    {
        await _stage.Cluster.CreateAsync("/api/v1/namespaces/default/secrets", "apiVersion: v1\nkind: Secret\nmetadata: {name: where}\ndata: {url: aHR0cDovL3NlY3JldC11cmw=}\n");
        var key = await _stage.CreateAsync("{args: [{name: url, valueFrom: {secretKeyRef: {name: where, key: url}}}], metrics: [{name: m, interval: 1s, provider: {web: {url: '{{args.url}}'}}}]}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Successful");
        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);
        await _stage.Cluster.AdvanceAsync(1);
        report = await _stage.LookAsync(key, report.Memory, provider);
        Assert.Single(report.Memory.Unwritten);

        await _stage.Cluster.DeleteAsync("/api/v1/namespaces/default/secrets/where");
        await _stage.Cluster.AdvanceAsync(1);
        await _stage.RunAsync(key, provider, report.Memory);

        var status = await _stage.StatusAsync();
        Assert.Equal(("Error", 2), (status.Phase, status.MetricResults![0].Successful));
        Assert.StartsWith("Unable to resolve metric arguments: secrets \"where\" not found", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_reach_the_provider_and_nothing_else()
    {
        await _stage.Cluster.CreateAsync("/api/v1/namespaces/default/secrets", "apiVersion: v1\nkind: Secret\nmetadata: {name: where}\ndata: {url: aHR0cDovL3NlY3JldC11cmw=}\n");
        var key = await _stage.CreateAsync(
            "{args: [{name: url, valueFrom: {secretKeyRef: {name: where, key: url}}}], metrics: [{name: m, consecutiveErrorLimit: 0, provider: {web: {url: '{{args.url}}'}}}]}");
        var provider = new ScriptedMetrics(_stage.Cluster.Clock, "Error") { Message = "no answer from" };

        var report = await _stage.LookAsync(key, new AnalysisMemory(), provider);

        Assert.Equal("no answer from *****", (await _stage.StatusAsync()).MetricResults![0].Message);
        Assert.DoesNotContain("secret-url", (await _stage.ReadAsync()).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-url", System.Text.Json.JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => _stage = await AnalysisStage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
