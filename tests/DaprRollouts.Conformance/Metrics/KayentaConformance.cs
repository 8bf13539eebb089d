using System.Text.Json;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Metrics;

public sealed class KayentaConformance : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private MetricPeer _peer = null!;
    private MetricHttp _http = null!;

    [Theory]
    [InlineData("83.7", "Successful", "83")]
    [InlineData("60", "Inconclusive", "60")]
    [InlineData("10", "Failed", "10")]
    public async Task The_score_decides(string score, string phase, string value)
    {
        Script(("/canaryConfig", """[{"id":"other","name":"x"},{"id":"my-id","name":"my-config"}]"""), ("/canary/my-id", """{"canaryExecutionId":"exec-1"}"""),
            ("/canary/exec-1", """{"complete":true,"result":{"judgeResult":{"score":{"score":""" + score + "}}}}"));

        var running = await MeasureAsync(MeasurementAction.Run, null);
        var ended = await MeasureAsync(MeasurementAction.Resume, running);

        Assert.Equal(("Running", "exec-1", _time.GetUtcNow().AddSeconds(15)), (running.Phase, running.Metadata!["canaryExecutionId"], running.ResumeAt));
        Assert.Equal((phase, value), (ended.Phase, ended.Value));
        Assert.Equal(("shop", "storage"), (_peer.Requests[0].Query["application"], _peer.Requests[0].Query["configurationAccountName"]));
        using var body = JsonDocument.Parse(_peer.Requests[1].Body);
        Assert.Equal("""{"pass":80,"marginal":50}""", body.RootElement.GetProperty("thresholds").GetRawText());
        Assert.Equal(
            """{"scope":"c","location":"eu","step":60,"start":"2026-01-02T03:03:05Z","end":"2026-01-02T03:04:05Z"}""",
            body.RootElement.GetProperty("scopes").GetProperty("default").GetProperty("controlScope").GetRawText());
    }

    [Fact]
    public async Task A_judgement_that_is_not_complete_is_looked_at_again()
    {
        Script(("/canary/exec-1", """{"complete":false}"""));
        var running = new Measurement { Phase = "Running", Metadata = new Dictionary<string, string> { ["canaryExecutionId"] = "exec-1" } };

        var still = await MeasureAsync(MeasurementAction.Resume, running);

        Assert.Equal(("Running", _time.GetUtcNow().AddSeconds(15)), (still.Phase, still.ResumeAt));
        Assert.Same(running, await MeasureAsync(MeasurementAction.Terminate, running));
    }

    [Fact]
    public async Task What_is_judged_begins_with_the_run_if_it_looks_back_and_is_what_the_scopes_say_if_they_say_it()
    {
        Script(("/canaryConfig", """[{"id":"my-id","name":"my-config"}]"""), ("/canary/my-id", """{"canaryExecutionId":4711}"""));

        var running = await MeasureAsync(MeasurementAction.Run, null, k => k with { Lookback = true });
        Assert.Equal("4711", running.Metadata!["canaryExecutionId"]);
        Assert.Contains("\"start\":\"2026-01-02T02:54:05Z\",\"end\":\"2026-01-02T03:04:05Z\"", _peer.Requests[1].Body, StringComparison.Ordinal);

        await MeasureAsync(MeasurementAction.Run, null, k => k with { Scopes = [Scope("2026-01-01T00:00:00Z", "2026-01-01T00:15:00Z")] });
        Assert.Contains("\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T00:15:00Z\"", _peer.Requests[3].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", null, "controlScope.start and experimentScope.start must both be set or be empty")]
    [InlineData(null, "2026-01-01T00:15:00Z", "controlScope.end and experimentScope.end must both be set or be empty")]
    public async Task A_time_of_one_scope_only_is_an_error(string? start, string? end, string problem)
    {
        Script(("/canaryConfig", """[{"id":"my-id","name":"my-config"}]"""));

        var error = await Assert.ThrowsAsync<MetricException>(() => MeasureAsync(
            MeasurementAction.Run, null, k => k with { Scopes = [Scope(null, null) with { ControlScope = Scope(start, end).ControlScope }] }));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/canaryConfig", "[]", "Canary config not found")]
    [InlineData("/canaryConfig", "nonsense", "cannot be read")]
    [InlineData("/canary/my-id", "{}", "Invalid canaryExecutionId")]
    [InlineData("/canary/exec-1", """{"complete":true}""", "Missing Score")]
    [InlineData("/canary/exec-1", """{}""", "Missing Complete Status")]
    [InlineData("/canary/exec-1", null, "Invalid Response")]
    public async Task Anything_else_is_an_error(string path, string? answer, string problem)
    {
        Script((path, answer), ("/canaryConfig", """[{"id":"my-id","name":"my-config"}]"""), ("/canary/my-id", """{"canaryExecutionId":"exec-1"}"""));

        var error = await Assert.ThrowsAsync<MetricException>(async () => await MeasureAsync(MeasurementAction.Resume, await MeasureAsync(MeasurementAction.Run, null)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => (_peer, _http) = (await MetricPeer.StartAsync(), new MetricHttp(MetricHostPolicy.Default, _time));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _peer.DisposeAsync();
    }

    private void Script(params (string Path, string? Answer)[] answers) => _peer.Answer = async context =>
    {
        var answer = Array.Find(answers, a => a.Path == context.Request.Path).Answer;
        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync(answer ?? "");
    };

    private Task<Measurement> MeasureAsync(MeasurementAction action, Measurement? running, Func<KayentaMetric, KayentaMetric>? change = null) =>
        new KayentaMetrics(_http, _time).MeasureAsync(
            new MetricRequest
            {
                Run = new MetricOwner("ns", "run", "uid", _time.GetUtcNow().AddMinutes(-10)),
                Metric = Metric(change ?? (k => k)),
                Action = action,
                Running = running,
                Now = _time.GetUtcNow(),
            },
            TestContext.Current.CancellationToken);

    private static KayentaScope Scope(string? start, string? end) => new()
    {
        Name = "default",
        ControlScope = new KayentaScopeDetail { Scope = "c", Region = "eu", Step = 60, Start = start, End = end },
        ExperimentScope = new KayentaScopeDetail { Scope = "e", Region = "eu", Step = 60, Start = start, End = end },
    };

    private Metric Metric(Func<KayentaMetric, KayentaMetric> change) => new()
    {
        Name = "m",
        Interval = "1m",
        Provider = new MetricProvider
        {
            Kayenta = change(new KayentaMetric
            {
                Address = _peer.Address.ToString(),
                Application = "shop",
                CanaryConfigName = "my-config",
                StorageAccountName = "storage",
                Threshold = new KayentaThreshold { Pass = 80, Marginal = 50 },
                Scopes = [Scope(null, null)],
            }),
        },
    };
}
