using DaprRollouts.Activities.Metrics;
using DaprRollouts.Conformance.Watching;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>The provider with a real Prometheus, which scrapes a real exporter whose error rate rises.</summary>
public sealed class RealPrometheusTests : IAsyncLifetime
{
    private const string ErrorRate = "sum(rate(errors_total[2s])) / sum(rate(requests_total[2s]))";

    private readonly MetricHttp _http = new(MetricHostPolicy.Default, TimeProvider.System);
    private MetricPeer _exporter = null!;
    private long _requests;
    private long _errors;
    private int _errorsPerScrape;

    [Fact]
    public async Task A_rising_error_rate_is_seen_and_a_server_that_is_down_is_an_error()
    {
        if (PrometheusServer.Binary is not { } binary)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Prometheus is not installed");
            Assert.Skip("Prometheus is not installed");
            return;
        }

        await using var server = await PrometheusServer.StartAsync(binary, _exporter.Address, TestContext.Current.CancellationToken);
        var healthy = await UntilAsync(server, ErrorRate, "result[0] < 0.05", m => m.Phase == AnalysisPhase.Successful);
        Assert.Equal("[0]", healthy.Value);

        _errorsPerScrape = 5;
        var failing = await UntilAsync(server, ErrorRate, "result[0] < 0.05", m => m.Phase == AnalysisPhase.Failed);
        Assert.StartsWith("[0.", failing.Value, StringComparison.Ordinal);

        Assert.Equal(("Successful", "[]"), Outcome(await MeasureAsync(server, "nothing_like_this", "len(result) == 0")));
        Assert.Equal(("Successful", "7"), Outcome(await MeasureAsync(server, "scalar(vector(7))", "result == 7")));
        var range = new PrometheusRangeQuery { Start = "now() - duration(\"2s\")", End = "now()", Step = "500ms" };
        await UntilAsync(server, "requests_total", "len(result) > 1 && result[0] <= result[-1]", m => m.Phase == AnalysisPhase.Successful, range);
        Assert.Contains("parse error", (await Assert.ThrowsAsync<MetricException>(() => MeasureAsync(server, "sum(", "true"))).Message, StringComparison.Ordinal);

        await server.KillAsync();
        Assert.Contains("refused", (await Assert.ThrowsAsync<MetricException>(() => MeasureAsync(server, ErrorRate, "true"))).Message, StringComparison.OrdinalIgnoreCase);
    }

    public async ValueTask InitializeAsync()
    {
        _exporter = await MetricPeer.StartAsync();
        _exporter.Answer = async context =>
        {
            var requests = Interlocked.Add(ref _requests, 10);
            var errors = Interlocked.Add(ref _errors, _errorsPerScrape);
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"# TYPE requests_total counter\nrequests_total {requests}\n# TYPE errors_total counter\nerrors_total {errors}\n");
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _exporter.DisposeAsync();
    }

    private static (string Phase, string? Value) Outcome(Measurement measurement) => (measurement.Phase, measurement.Value);

    /// <summary>Measures until a measurement is as wanted.</summary>
    private async Task<Measurement> UntilAsync(PrometheusServer server, string query, string condition, Predicate<Measurement> wanted, PrometheusRangeQuery? range = null)
    {
        var measurement = new Measurement();
        await Eventually.TrueAsync(
            $"{query} is such that {condition}",
            async () => wanted(measurement = await MeasureAsync(server, query, condition, range)),
            () => $"{measurement}");
        return measurement;
    }

    private Task<Measurement> MeasureAsync(PrometheusServer server, string query, string condition, PrometheusRangeQuery? range = null) =>
        new PrometheusMetrics(_http, new AwsAccount(_ => null), TimeProvider.System).MeasureAsync(
            new MetricRequest
            {
                Run = new MetricOwner("ns", "run", "uid"),
                Metric = new Metric
                {
                    Name = "m",
                    SuccessCondition = condition,
                    Provider = new MetricProvider { Prometheus = new PrometheusMetric { Address = server.Address.ToString(), Query = query, RangeQuery = range } },
                },
                Action = MeasurementAction.Run,
                Now = TimeProvider.System.GetUtcNow(),
            },
            TestContext.Current.CancellationToken);
}
