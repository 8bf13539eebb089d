using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>Analyses whose measurements are Jobs, which the cluster runs.</summary>
public sealed class JobScenarios
{
    private const string RunUid = "analysisrun.argoproj.io/uid";

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Jobs_that_succeed_fail_and_cannot_start_decide_runs(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new AnalysisUser(cluster);

        await user.CreateRunAsync(Run(Job("m", "sleep", "1")), "good");
        await user.CreateRunAsync(Run(Job("m", "sh", "-c", "exit 1")), "bad");
        await user.CreateRunAsync(Run(Job("m", "true").Replace("example/tool:1", "example/tool:invalid")), "stuck");
        await user.CreateRunAsync(Run(Job("m", "true").Replace("Never", "Always")), "refused");

        Assert.Equal(("Successful", null), await OutcomeAsync("good"));
        Assert.Equal(("Failed", "Metric \"m\" assessed Failed due to failed (1) > failureLimit (0)"), await OutcomeAsync("bad"));
        var (phase, message) = await OutcomeAsync("stuck");
        Assert.Equal("Inconclusive", phase);
        Assert.Contains("container run has terminal error (", message, StringComparison.Ordinal);
        var refused = await user.WaitAsync(s => s.MetricResults?[0].Error >= 1, "an error", "refused");
        Assert.Contains("restartPolicy", refused.MetricResults![0].Measurements![0].Message, StringComparison.Ordinal);

        async Task<(string, string?)> OutcomeAsync(string name)
        {
            var status = await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end", name);
            return (status.Phase, status.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_metric_that_fails_takes_the_Job_of_another_along_and_the_run_takes_all(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new AnalysisUser(cluster);
        await user.CreateRunAsync(Run(Job("endless", "sleep", "3600"), Job("failing", "sh", "-c", "sleep 2; exit 1")));

        var status = await user.WaitAsync(s => AnalysisPhase.IsCompleted(s.Phase), "the end");

        Assert.Equal("Failed", status.Phase);
        var cut = status.MetricResults!.Single(r => r.Name == "endless").Measurements!.Single();
        Assert.Equal(("Inconclusive", "Metric Terminated"), (cut.Phase, cut.Message));
        await JobsAsync(j => j.Count == 1, "the failed Job alone");

        await cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("argoproj.io", "v1alpha1", cluster.Namespace, "analysisruns", "run", propagationPolicy: "Background");
        await JobsAsync(j => j.Count == 0, "no Job");

        async Task JobsAsync(Func<IList<V1Job>, bool> condition, string what) => await Eventually.TrueAsync(
            async () => condition((await cluster.Client.BatchV1.ListNamespacedJobAsync(cluster.Namespace, labelSelector: RunUid)).Items), what, () => "Jobs");
    }

    [Fact]
    public async Task Jobs_in_another_namespace_go_with_their_run()
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await cluster.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "jobs" } });
        await using var executor = await RunningExecutor.AsProcessAsync(cluster, ("ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE", "jobs"));
        var user = new AnalysisUser(cluster);
        await user.CreateRunAsync(Run(Job("m", "true")), "kept");
        await user.CreateRunAsync(Run(Job("m", "true")), "gone");
        await user.WaitAsync(s => s.Phase == AnalysisPhase.Successful, "success", "kept");
        await user.WaitAsync(s => s.Phase == AnalysisPhase.Successful, "success", "gone");

        await cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("argoproj.io", "v1alpha1", cluster.Namespace, "analysisruns", "gone");

        var left = Array.Empty<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                var jobs = (await cluster.Client.BatchV1.ListNamespacedJobAsync("jobs", labelSelector: RunUid)).Items;
                left = [.. jobs.Select(j => j.Metadata.Annotations["analysisrun.argoproj.io/name"])];
                return left is ["kept"];
            },
            "one Job to be left",
            () => string.Join(' ', left));
    }

    private static string Run(params string[] metrics) => $$"""{"metrics": [{{string.Join(", ", metrics)}}]}""";

    private static string Job(string name, params string[] command) => """
        {"name": "NAME", "provider": {"job": {"spec": {"backoffLimit": 0, "template": {"spec": {"restartPolicy": "Never",
         "containers": [{"name": "run", "image": "example/tool:1", "command": ["COMMAND"]}]}}}}}}
        """.Replace("NAME", name).Replace("COMMAND", string.Join("\", \"", command));
}
