using System.Text;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>What the engine tells of itself.</summary>
public sealed class MetricsTests : ProtocolTest
{
    [Fact]
    public async Task A_scrape_tells_instances_by_status_the_work_that_waits_and_the_size_of_the_data()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var text = new MemoryStream();

        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);

        var lines = Encoding.UTF8.GetString(text.ToArray()).Split('\n');
        Assert.Contains(lines, l => l.StartsWith("workflow_engine_instances{", StringComparison.Ordinal) && l.Contains("pending", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("workflow_engine_queue_depth", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("workflow_engine_database_bytes", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal));
    }
}
