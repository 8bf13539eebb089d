using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Activities;

/// <summary>Which updates are counted, as what, and how long they took.</summary>
public sealed class UpdatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_update_counts_once_when_it_ends_and_without_the_time_that_somebody_held_it()
    {
        var running = new RolloutDuration { RolloutStartedAt = Start };
        var ended = running with { FinishedAt = Start.AddSeconds(100), CompletionStatus = "TestedOnce", TotalManualPauseDurationSeconds = 40 };

        Updates.Observe(running, running, Start.AddSeconds(50));
        Updates.Observe(running, ended, Start.AddSeconds(100));
        Updates.Observe(ended, ended, Start.AddSeconds(101));

        var scrape = await ScrapeAsync();
        Assert.Contains("""rollout_duration_seconds_count{status="TestedOnce"} 1""", scrape);
        Assert.Contains("""rollout_duration_seconds_sum{status="TestedOnce"} 100""", scrape);
        Assert.Contains("""rollout_progression_duration_seconds_sum{status="TestedOnce"} 60""", scrape);
        Assert.Contains("""rollout_manual_pause_duration_seconds_sum{status="TestedOnce"} 40""", scrape);
    }

    [Fact]
    public async Task An_update_that_another_takes_the_place_of_counts_as_superseded()
    {
        var before = await CountAsync();

        Updates.Observe(new RolloutDuration { RolloutStartedAt = Start }, new RolloutDuration { RolloutStartedAt = Start.AddSeconds(30) }, Start.AddSeconds(30));

        Assert.True(await CountAsync() > before);
    }

    private static async Task<double> CountAsync() =>
        (await ScrapeAsync()).Split('\n').Where(l => l.StartsWith("rollout_duration_seconds_count{status=\"Superseded\"}", StringComparison.Ordinal)).Sum(l => double.Parse(l.Split(' ')[1]));

    private static async Task<string> ScrapeAsync()
    {
        using var stream = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
