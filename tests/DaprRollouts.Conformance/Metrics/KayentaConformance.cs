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

    [Theory]
    [InlineData("/canaryConfig", "[]")]
    [InlineData("/canaryConfig", "nonsense")]
    [InlineData("/canary/my-id", "{}")]
    [InlineData("/canary/exec-1", """{"complete":true}""")]
    [InlineData("/canary/exec-1", """{}""")]
    public async Task Anything_else_is_an_error(string path, string answer)
    {
        Script((path, answer), ("/canaryConfig", """[{"id":"my-id","name":"my-config"}]"""), ("/canary/my-id", """{"canaryExecutionId":"exec-1"}"""));

        await Assert.ThrowsAsync<MetricException>(async () => await MeasureAsync(MeasurementAction.Resume, await MeasureAsync(MeasurementAction.Run, null)));
    }

    public async ValueTask InitializeAsync() => (_peer, _http) = (await MetricPeer.StartAsync(), new MetricHttp(MetricHostPolicy.Default, _time));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _peer.DisposeAsync();
    }

    private void Script(params (string Path, string Answer)[] answers) => _peer.Answer = async context =>
    {
        var answer = Array.Find(answers, a => a.Path == context.Request.Path).Answer;
        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync(answer ?? "");
    };

    private Task<Measurement> MeasureAsync(MeasurementAction action, Measurement? running) => new KayentaMetrics(_http, _time).MeasureAsync(
        new MetricRequest { Run = new MetricOwner("ns", "run", "uid"), Metric = Metric(), Action = action, Running = running, Now = _time.GetUtcNow() },
        TestContext.Current.CancellationToken);

    private Metric Metric() => new()
    {
        Name = "m",
        Interval = "1m",
        Provider = new MetricProvider
        {
            Kayenta = new KayentaMetric
            {
                Address = _peer.Address.ToString(),
                Application = "shop",
                CanaryConfigName = "my-config",
                StorageAccountName = "storage",
                Threshold = new KayentaThreshold { Pass = 80, Marginal = 50 },
                Scopes =
                [
                    new KayentaScope
                    {
                        Name = "default",
                        ControlScope = new KayentaScopeDetail { Scope = "c", Region = "eu", Step = 60 },
                        ExperimentScope = new KayentaScopeDetail { Scope = "e", Region = "eu", Step = 60 },
                    },
                ],
            },
        },
    };
}
