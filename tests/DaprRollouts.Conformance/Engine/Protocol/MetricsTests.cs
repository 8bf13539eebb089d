using System.Globalization;
using System.Text;
using DaprRollouts.Engine.Running;
using DaprRollouts.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>What the engine tells of itself.</summary>
public sealed class MetricsTests : ProtocolTest
{
    [Fact]
    public async Task A_scrape_tells_instances_by_status_the_work_that_waits_and_what_the_store_does()
    {
        using var worker = Engine.Connect();
        await Engine.StartInstanceAsync("running");
        await worker.AnswerAsync(Answers.Activity(0));
        await Engine.StartInstanceAsync("ended");
        await Engine.TerminateAsync("ended");
        var first = await ScrapeAsync();
        await Engine.StartInstanceAsync("another");
        await Engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "ended" });
        var second = await ScrapeAsync();

        // Other tests run engines in this process too: what one of them shows may be another's, but never less than nothing.
        foreach (var name in (string[])[
            "instances{status=\"running\"}", "instances{status=\"terminated\"}", "turns_total", "activities_total", "dropped_answers_total",
            "queue_depth{kind=\"turn\"}", "queue_depth{kind=\"activity\"}", "under_way{kind=\"turn\"}", "under_way{kind=\"activity\"}",
            "oldest_pending_seconds{kind=\"turn\"}", "oldest_pending_seconds{kind=\"activity\"}", "commit_seconds_count", "commit_seconds_sum",
            "workers", "instances_in_memory", "waiting_clients", "database_bytes"])
        {
            Assert.True(first.GetValueOrDefault($"workflow_engine_{name}", -1) >= 0, name);
            Assert.True(second.GetValueOrDefault($"workflow_engine_{name}", -1) >= 0, name);
        }
    }

    [Fact]
    public async Task Instances_are_counted_as_they_change()
    {
        var engine = Engine.Services.GetRequiredService<EngineThread>().Engine;
        await Engine.StartInstanceAsync("one");
        Assert.Equal(1, await CountAsync(engine, OrchestrationStatus.Pending));

        using var worker = Engine.Connect();
        await worker.AnswerAsync();
        await Engine.StartInstanceAsync("two");
        await Engine.TerminateAsync("two");
        Assert.Equal(0, await CountAsync(engine, OrchestrationStatus.Pending));
        Assert.Equal(1, await CountAsync(engine, OrchestrationStatus.Running));
        Assert.Equal(1, await CountAsync(engine, OrchestrationStatus.Terminated));

        await Engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "two" });
        Assert.Equal(0, await CountAsync(engine, OrchestrationStatus.Terminated));
    }

    private static Task<long> CountAsync(EmbeddedEngine engine, OrchestrationStatus status) =>
        engine.AskAsync(_ => engine.Core.Census.Counts.GetValueOrDefault(status));

    private static async Task<Dictionary<string, double>> ScrapeAsync()
    {
        using var text = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Where(line => line.StartsWith("workflow_engine_", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
