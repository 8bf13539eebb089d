using System.Text.Json.Nodes;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>Measurements that are Jobs, on the embedded cluster in virtual time.</summary>
public sealed class JobConformance : IAsyncLifetime
{
    private const string Jobs = "/apis/batch/v1/namespaces/default/jobs";
    private const string Uid = "11111111-2222-3333-4444-555555555555";

    private VirtualCluster _cluster = null!;

    private DateTimeOffset Now => _cluster.Clock.GetUtcNow();

    [Fact]
    public async Task A_Job_is_made_for_each_measurement_and_belongs_to_the_run()
    {
        var running = await MeasureAsync(new JobMetadata { Labels = Pairs("team", "shop"), Annotations = Pairs("note", "n") }, result: new MetricResult { Name = "smoke", Count = 2, Successful = 2, Error = 1 });

        var name = $"{Uid}.smoke.4";
        Assert.Equal(("Running", name, "default"), (running.Phase, running.Metadata!["job-name"], running.Metadata["job-namespace"]));
        var job = await _cluster.GetAsync($"{Jobs}/{name}");
        Assert.Equal(Uid, job["metadata"]!["labels"]!["analysisrun.argoproj.io/uid"]!.ToString());
        Assert.Equal("shop", job["metadata"]!["labels"]!["team"]!.ToString());
        Assert.Equal(
            ("run", "default", "smoke", "n"),
            (Annotation(job, "analysisrun.argoproj.io/name"), Annotation(job, "analysisrun.argoproj.io/namespace"), Annotation(job, "analysisrun.argoproj.io/metric-name"), Annotation(job, "note")));
        Assert.Equal(Uid, job["spec"]!["template"]!["metadata"]!["labels"]!["analysisrun.argoproj.io/uid"]!.ToString());
        var owner = job["metadata"]!["ownerReferences"]![0]!;
        Assert.Equal(("AnalysisRun", "run", Uid, "true", "true"), (owner["kind"]!.ToString(), owner["name"]!.ToString(), owner["uid"]!.ToString(), owner["controller"]!.ToString(), owner["blockOwnerDeletion"]!.ToString()));
    }

    [Theory]
    [InlineData("smoke", "smoke.1")]
    [InlineData("Smoke_Test", "smoke-test.1")]
    [InlineData("a-very-long-name-of-a-metric", "a-very-long-name-of-a-me.1")]
    [InlineData("a-very-long-name-of-a-me", "a-very-long-name-of-a-me.1")]
    [InlineData("a-very-long-name-of-abc-metric", "a-very-long-name-of-abc.1")]
    public async Task Names_are_cut_so_that_they_can_be_labels(string metric, string name)
    {
        var running = await MeasureAsync(name: metric);

        Assert.Equal($"{Uid}.{name}", running.Metadata!["job-name"]);
        Assert.InRange(running.Metadata["job-name"].Length, 1, 63);
    }

    [Fact]
    public async Task Metrics_whose_names_are_cut_to_the_same_have_Jobs_of_their_own()
    {
        string[] metrics = ["integration-tests-of-checkout-eu", "integration-tests-of-checkout-us", "integration-tests-of-che"];
        var names = new List<string>();
        foreach (var metric in metrics.Concat(metrics))
        {
            names.Add((await MeasureAsync(name: metric)).Metadata!["job-name"]);
        }

        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal(names[..3], names[3..]);
        Assert.Equal((3, $"{Uid}.integration-tests-of-che.1"), ((await _cluster.ListAsync(Jobs)).Count, names[0]));
        Assert.All(names, name => Assert.InRange(name.Length, 1, 63));
    }

    [Fact]
    public async Task An_earlier_try_is_found_again_and_a_Job_of_something_else_is_not_taken()
    {
        var first = await MeasureAsync();
        var again = await MeasureAsync();
        Assert.Equal(first.Metadata, again.Metadata);
        Assert.Single(await _cluster.ListAsync(Jobs));

        var foreign = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + Uid + ".other.1}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}\n";
        await _cluster.CreateAsync(Jobs, foreign);
        var error = await Assert.ThrowsAsync<MetricException>(() => MeasureAsync(name: "other"));
        Assert.Contains("belongs to something else", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Complete", "Successful")]
    [InlineData("Failed", "Failed")]
    public async Task How_the_Job_ends_is_how_the_measurement_ends(string condition, string phase)
    {
        var running = await MeasureAsync();
        await FinishAsync(running.Metadata!["job-name"], condition);

        var ended = await ResumeAsync(running);

        Assert.Equal((phase, null, null), (ended.Phase, ended.Message, ended.Value));
        Assert.Equal((Now, running.StartedAt, running.Metadata), (ended.FinishedAt, ended.StartedAt, ended.Metadata));
    }

    [Fact]
    public async Task A_measurement_that_does_not_say_the_namespace_has_its_Job_in_that_of_the_run()
    {
        var running = await MeasureAsync();
        await FinishAsync(running.Metadata!["job-name"], "Complete");

        var ended = await ResumeAsync(running with { Metadata = Pairs("job-name", running.Metadata["job-name"]) });

        Assert.Equal("Successful", ended.Phase);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(8, 4)]
    [InlineData(200, 20)]
    public async Task The_longer_it_takes_the_less_often_it_is_looked_at(int elapsed, int next)
    {
        var running = await MeasureAsync();

        var still = await ResumeAsync(running with { StartedAt = Now.AddSeconds(-elapsed) });

        Assert.Equal(("Running", Now.AddSeconds(next)), (still.Phase, still.ResumeAt));
    }

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("ImagePullBackOff")]
    [InlineData("InvalidImageName")]
    public async Task An_image_that_cannot_be_had_proves_nothing(string reason)
    {
        var running = await MeasureAsync();
        var pod = (await _cluster.ListAsync("/api/v1/namespaces/default/pods")).Single()!["metadata"]!["name"]!.ToString();
        await _cluster.PatchAsync(
            $"/api/v1/namespaces/default/pods/{pod}/status", $"{{status: {{containerStatuses: [{{name: run, image: i, imageID: '', ready: false, restartCount: 0, state: {{waiting: {{reason: {reason}, message: no such image}}}}}}]}}}}");

        var ended = await ResumeAsync(running);

        Assert.Equal(("Inconclusive", $"Pod {pod}, container run has terminal error ({reason}): no such image"), (ended.Phase, ended.Message));
        Assert.Single(await _cluster.ListAsync(Jobs));
    }

    [Fact]
    public async Task A_run_that_ends_first_takes_the_Job_along()
    {
        var running = await MeasureAsync();

        var ended = await MeasureAsync(action: MeasurementAction.Terminate, running: running);
        var again = await MeasureAsync(action: MeasurementAction.Terminate, running: running);

        Assert.Equal(("Inconclusive", "Inconclusive", Now), (ended.Phase, again.Phase, ended.FinishedAt));
        await _cluster.AdvanceAsync(60);
        Assert.Empty(await _cluster.ListAsync(Jobs));
    }

    [Fact]
    public async Task A_Job_that_is_gone_or_unknown_is_an_error()
    {
        var running = await MeasureAsync();
        await _cluster.DeleteAsync($"{Jobs}/{running.Metadata!["job-name"]}?propagationPolicy=Background");

        Assert.Contains("not found", (await Assert.ThrowsAsync<MetricException>(() => ResumeAsync(running))).Message, StringComparison.Ordinal);
        Assert.Contains("job metadata reference missing", (await Assert.ThrowsAsync<MetricException>(() => ResumeAsync(running with { Metadata = null }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Job_that_the_server_refuses_is_an_error_in_its_words()
    {
        var error = await Assert.ThrowsAsync<MetricException>(() => MeasureAsync(spec: """{"template": {"spec": {"restartPolicy": "Never"}}}"""));

        Assert.Contains("containers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_Jobs_of_a_metric_are_kept_as_measurements()
    {
        MetricResult Taken(int count) => new() { Name = "smoke", Count = count, Measurements = [.. Enumerable.Repeat(new Measurement(), Math.Min(count, 3))] };
        await MeasureAsync(name: "other");
        for (var i = 0; i < 6; i++)
        {
            await _cluster.AdvanceAsync(1);
            await MeasureAsync(result: Taken(i), retention: 3);
        }

        await _cluster.AdvanceAsync(60);
        Assert.Equal(
            [$"{Uid}.other.1", $"{Uid}.smoke.4", $"{Uid}.smoke.5", $"{Uid}.smoke.6"],
            (await _cluster.ListAsync(Jobs)).Select(j => j!["metadata"]!["name"]!.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Jobs_elsewhere_have_no_owner_and_are_known_by_their_label()
    {
        await _cluster.CreateAsync("/api/v1/namespaces", "apiVersion: v1\nkind: Namespace\nmetadata: {name: jobs}\n");
        string? Variable(string name) => name == "ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE" ? "jobs" : null;

        var running = await MeasureAsync(environment: Variable);
        var again = await MeasureAsync(environment: Variable);

        Assert.Equal(("jobs", "jobs"), (running.Metadata!["job-namespace"], again.Metadata!["job-namespace"]));
        Assert.Null((await _cluster.ListAsync("/apis/batch/v1/namespaces/jobs/jobs")).Single()!["metadata"]!["ownerReferences"]);
    }

    public async ValueTask InitializeAsync() => _cluster = await VirtualCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static Dictionary<string, string> Pairs(string key, string value) => new() { [key] = value };

    private static string? Annotation(JsonNode job, string name) => job["metadata"]!["annotations"]![name]?.ToString();

    private Task FinishAsync(string job, string condition) =>
        _cluster.PatchAsync($"{Jobs}/{job}/status", $"{{status: {{conditions: [{{type: {condition}, status: 'True', message: as it says}}]}}}}");

    private Task<Measurement> ResumeAsync(Measurement running) => MeasureAsync(action: MeasurementAction.Resume, running: running);

    private async Task<Measurement> MeasureAsync(
        JobMetadata? metadata = null,
        string name = "smoke",
        MeasurementAction action = MeasurementAction.Run,
        Measurement? running = null,
        MetricResult? result = null,
        int retention = 10,
        string spec = """{"backoffLimit": 0, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "run", "image": "example/tool:1", "command": ["sleep", "600"]}]}}}""",
        Func<string, string?>? environment = null)
    {
        using var client = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = _cluster.Cluster.Uri.ToString() });
        var provider = new JobMetrics(new JobCluster(client, environment ?? (_ => null)), _cluster.Clock);
        var request = new MetricRequest
        {
            Run = new MetricOwner("default", "run", Uid),
            Metric = new Metric { Name = name, Provider = new MetricProvider { Job = new JobMetric { Metadata = metadata, Spec = JsonNode.Parse(spec)!.AsObject() } } },
            Action = action,
            Running = running,
            Result = result,
            Retention = retention,
            Now = Now,
        };
        var measurement = await provider.MeasureAsync(request, TestContext.Current.CancellationToken);
        await _cluster.Cluster.WhenIdleAsync();
        return measurement;
    }
}
