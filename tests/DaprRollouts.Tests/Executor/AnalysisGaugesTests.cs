using System.Text.Json;
using DaprRollouts.Executor.Telemetry;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Tests.Executor;

/// <summary>How an analysis shows in a scrape: dashboards choose by the values of its labels.</summary>
public sealed class AnalysisGaugesTests
{
    [Theory]
    [InlineData("\"prometheus\": {}", "Prometheus")]
    [InlineData("\"job\": {}", "Job")]
    [InlineData("\"kayenta\": {}", "Kayenta")]
    [InlineData("\"web\": {}", "Web")]
    [InlineData("\"datadog\": {}", "Datadog")]
    [InlineData("\"wavefront\": {}", "Wavefront")]
    [InlineData("\"newRelic\": {}", "NewRelic")]
    [InlineData("\"cloudWatch\": {}", "CloudWatch")]
    [InlineData("\"graphite\": {}", "Graphite")]
    [InlineData("\"influxdb\": {}", "Influxdb")]
    [InlineData("\"skywalking\": {}", "skywalking")]
    [InlineData("\"plugin\": {\"a/b\": {}}", "RPCPlugin")]
    [InlineData("", "Unknown Provider")]
    public void A_provider_has_the_name_that_Argo_gives_it(string provider, string type)
    {
        var scrape = Scrape($$$"""{"metrics": [{"name": "m", "provider": {{{{provider}}}}}]}""", "{}");

        Assert.Contains($$"""analysis_run_metric_type{namespace="shop",name="run",metric="m",type="{{type}}"} 1""", scrape);
    }

    [Fact]
    public void A_metric_that_was_not_measured_yet_is_pending()
    {
        var scrape = Scrape(
            """{"metrics": [{"name": "fast", "provider": {"web": {}}}, {"name": "slow", "provider": {"job": {}}}], "dryRun": [{"metricName": "sl.*"}]}""",
            """{"phase": "Running", "metricResults": [{"name": "fast", "phase": "Failed"}]}""");

        Assert.Contains("""analysis_run_metric_phase{namespace="shop",name="run",metric="fast",type="Web",dry_run="false",phase="Failed"} 1""", scrape);
        Assert.Contains("""analysis_run_metric_phase{namespace="shop",name="run",metric="fast",type="Web",dry_run="false",phase="Pending"} 0""", scrape);
        Assert.Contains("""analysis_run_metric_phase{namespace="shop",name="run",metric="slow",type="Job",dry_run="true",phase="Pending"} 1""", scrape);
    }

    private static string[] Scrape(string spec, string status)
    {
        var metrics = new Exposition();
        var run = JsonSerializer.Deserialize<JsonElement>($$"""{"metadata": {"namespace": "shop", "name": "run"}, "spec": {{spec}}, "status": {{status}}}""");
        AnalysisGauges.WriteRuns(metrics, [TolerantReader.Read<AnalysisRun>(run)]);
        return metrics.ToString().Split('\n');
    }
}
