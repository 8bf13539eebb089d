using System.Text.RegularExpressions;
using DaprRollouts.Activities.Telemetry;

namespace DaprRollouts.Tests.Executor;

/// <summary>What a scrape of the executor shows: dashboards and alerts written for Argo Rollouts rely on names and labels.</summary>
public sealed partial class MetricsTests(ExecutorFixture executor) : IClassFixture<ExecutorFixture>
{
    private static readonly string[] Distributed = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task Every_metric_of_Argo_Rollouts_is_there_and_has_its_labels()
    {
        Turns.OfAnalysisRuns.Seconds.WithLabels("default", "run").Publish();
        var scrape = await ScrapeAsync();
        var expected = File.ReadLines(Path.Combine(Repository.Root, "tests/DaprRollouts.Tests/Executor/argo-metrics.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' '));

        Assert.All(expected, metric =>
        {
            Assert.True(scrape.Families.ContainsKey(metric[0]), $"{metric[0]} is missing");
            var series = scrape.Series.Where(s => s.Family == metric[0]).ToList();
            Assert.All(series, s => Assert.Equal(metric[1..], s.Labels.Select(l => l.Name).Where(n => n != "le")));
        });
    }

    // What is counted is counted for the whole process, in which other tests have an executor, too.
    [Fact]
    public async Task A_paused_rollout_shows_as_one()
    {
        // An event follows the status that it tells of.
        await executor.UntilAsync("metrics", text => text.Contains("reason=\"RolloutPaused\"", StringComparison.Ordinal), "an event of the pause");
        var scrape = await ScrapeAsync();

        Assert.Equal(1, scrape.Value("""rollout_info{namespace="default",name="app",strategy="canary",traffic_router="",phase="Paused"}"""));
        Assert.Equal(1, scrape.Value("""rollout_phase{namespace="default",name="app",strategy="canary",phase="Paused"}"""));
        Assert.Equal(0, scrape.Value("""rollout_phase{namespace="default",name="app",strategy="canary",phase="Abort"}"""));
        Assert.Equal(1, scrape.Value("""rollout_info_replicas_desired{namespace="default",name="app"}"""));
        Assert.Equal(1, scrape.Value("""rollout_info_replicas_updated{namespace="default",name="app"}"""));
        Assert.True(scrape.Value("""rollout_events_total{namespace="default",name="app",type="Normal",reason="RolloutPaused"}""") >= 1);
        Assert.True(scrape.Value("""rollout_reconcile_count{namespace="default",name="app"}""") > 0);
        Assert.True(scrape.Value("""controller_clientset_k8s_request_total{kind="rollouts",namespace="default",name="app",verb="Patch",status_code="200"}""") > 0);
        Assert.True(scrape.Value("""dapr_rollouts_workflows_started_total{workflow="RolloutWorkflow"}""") >= 2);
        Assert.Equal(1, scrape.Value("dapr_rollouts_leader"));
    }

    [Fact]
    public async Task Every_metric_of_this_project_is_in_the_reference()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/reference/telemetry.md"), TestContext.Current.CancellationToken);

        Assert.DoesNotContain((await ScrapeAsync()).Families.Keys, f => f.StartsWith("dapr_rollouts_", StringComparison.Ordinal) && !page.Contains($"`{f}`"));
    }

    [Fact]
    public async Task A_scrape_is_well_formed_and_tells_each_family_once()
    {
        var scrape = await ScrapeAsync();

        Assert.Empty(scrape.Unreadable);
        Assert.Empty(scrape.Announced.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(scrape.Series.GroupBy(s => s.Text).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Contains("process_cpu_seconds_total", scrape.Families.Keys);
        Assert.Contains("workflow_engine_turns_total", scrape.Families.Keys);
    }

    private async Task<Scrape> ScrapeAsync()
    {
        using var answer = await executor.Http.GetAsync("metrics", TestContext.Current.CancellationToken);
        Assert.StartsWith("text/plain; version=0.0.4", answer.Content.Headers.ContentType!.ToString());
        return new Scrape(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex Line { get; }

    [GeneratedRegex("""(?<name>\w+)="(?<value>(\\.|[^"\\])*)",?""")]
    private static partial Regex Label { get; }

    private sealed record Series(string Family, string Text, IReadOnlyList<(string Name, string Value)> Labels, double Value);

    private sealed class Scrape
    {
        public Scrape(string text)
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                {
                    var words = line.Split(' ');
                    Announced.Add(words[2]);
                    Families[words[2]] = words[3];
                }
                else if (Line.Match(line) is { Success: true } match)
                {
                    Add(match);
                }
                else if (line[0] != '#')
                {
                    Unreadable.Add(line);
                }
            }
        }

        public Dictionary<string, string> Families { get; } = [];

        public List<string> Announced { get; } = [];

        public List<Series> Series { get; } = [];

        public List<string> Unreadable { get; } = [];

        public double Value(string series) => Assert.Single(Series, s => s.Text == series).Value;

        private void Add(Match match)
        {
            var name = match.Groups["name"].Value;
            var family = Families.ContainsKey(name) ? name : Distributed.Where(name.EndsWith).Select(end => name[..^end.Length]).First(Families.ContainsKey);
            var labels = Label.Matches(match.Groups["labels"].Value).Select(l => (l.Groups["name"].Value, l.Groups["value"].Value)).ToList();
            var text = match.Value[..match.Value.LastIndexOf(' ')];
            Series.Add(new Series(family, text, labels, match.Groups["value"].Value == "NaN" ? double.NaN : double.Parse(match.Groups["value"].Value.Replace("Inf", "Infinity"))));
        }
    }
}
