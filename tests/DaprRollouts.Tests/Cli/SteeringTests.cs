using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Cli;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes;
using DaprRollouts.Tests.Executor;
using k8s;
using Spectre.Console.Testing;

namespace DaprRollouts.Tests.Cli;

/// <summary>The verbs that steer a rollout, at work on one, in the words that scripts know from Argo's plugin.</summary>
public sealed class SteeringTests(ExecutorFixture executor) : IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task Verbs_do_and_say_what_the_plugin_does_and_says()
    {
        Assert.Equal((0, "Paused - CanaryPauseStep"), await RunAsync("status", "app", "--watch=false"));
        Assert.Equal((0, "skipped rollback (current template already matches revision 2)"), await RunAsync("undo", "app", "--to-revision", "2"));

        Assert.Equal((0, "rollout 'app' aborted"), await RunAsync("abort", "app"));
        await executor.UntilAsync("Degraded");
        Assert.Equal(
            (1, "Degraded\ndapr-rollouts: the rollout is in a degraded state with message: RolloutAborted: Rollout aborted update to revision 2"),
            await RunAsync("status", "app", "--watch=false"));

        Assert.Equal(
            (0, "rollout 'app' promoted\nrollout 'app' is aborted, and stays so: 'retry rollout app' starts the update again, 'promote app --full' ends it"),
            await RunAsync("promote", "app"));
        Assert.Equal((0, "rollout 'app' retried"), await RunAsync("retry", "rollout", "app"));
        await executor.UntilAsync("Paused");
        Assert.Equal((0, "rollout 'app' paused"), await RunAsync("pause", "app"));
        Assert.Equal((0, "rollout 'app' promoted"), await RunAsync("promote", "app"));
        await executor.UntilAsync("Healthy");
        Assert.Equal((0, "rollout 'app' restarts in 0s"), await RunAsync("restart", "app"));
        Assert.Equal((0, "rollout 'app' restarts in 1h30m"), await RunAsync("restart", "app", "--in", "1h30m"));

        Assert.Equal((0, "rollout \"app\" image updated"), await RunAsync("set", "image", "app", "app=example/app:3"));
        Assert.Equal((0, "rollout 'app' fully promoted"), await RunAsync("promote", "app", "--full"));
        await executor.UntilAsync(r => r.GetProperty("summary").GetProperty("revision").GetInt64() == 3 && r.GetProperty("summary").GetProperty("phase").GetString() != "Paused", "revision 3");

        var (code, said) = await RunAsync("abort", "app", "nope");
        Assert.Equal(1, code);
        Assert.StartsWith("rollout 'app' aborted\ndapr-rollouts: rollout 'nope' not found", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Names_are_completed_by_those_in_the_cluster_if_it_answers(bool answers)
    {
        using var console = new TestConsole().Width(400);
        var line = $"dapr-rollouts --kubeconfig {(answers ? executor.Kubeconfig : "/nowhere")} -n default get rollout ";

        Assert.Equal(0, await new Shell(console, TextWriter.Null, TimeProvider.System).RunAsync([$"[suggest:{line.Length}]", line]));

        Assert.Equal(answers, console.Lines.Contains("app"));
    }

    [Fact]
    public async Task An_analysis_is_started_from_a_template_in_the_cluster_or_in_a_file()
    {
        var file = Path.Combine(Path.GetDirectoryName(executor.Kubeconfig)!, "template.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata:
              name: check
              annotations: {dapr-rollouts.io/metrics: "check: {onNoData: inconclusive}"}
            spec:
              args: [{name: host}, {name: path, value: /}]
              metrics: [{name: check, provider: {web: {url: "http://{{args.host}}{{args.path}}"}}, successCondition: result > 1}]
            """,
            TestContext.Current.CancellationToken);

        Assert.Equal((1, "dapr-rollouts: analysistemplate 'check' not found in namespace 'default'"), await RunAsync("create", "analysisrun", "--from", "check"));
        Assert.Equal((0, "analysisrun.argoproj.io/first created"), await RunAsync("create", "ar", "--from-file", file, "-a", "host=shop", "--name", "first", "--instance-id", "other"));
        Assert.Equal((0, "analysistemplate.argoproj.io/check created"), await RunAsync("create", "-f", file));
        Assert.Equal(
            (1, "dapr-rollouts: args.host was not resolved: it needs a value, where the analysis is asked for or in the template"),
            await RunAsync("create", "analysisrun", "--from", "check"));
        var (code, said) = await RunAsync("create", "analysisrun", "--from", "check", "-a", "host=shop=a", "--argument", "path=/b");
        Assert.Equal((0, "analysisrun.argoproj.io/check-"), (code, said[..30]));

        Assert.Equal((1, "analysisRun 'first' terminated\ndapr-rollouts: analysisrun 'nope' not found in namespace 'default'"), await RunAsync("terminate", "analysisrun", "first", "nope"));

        var first = await ReadRunAsync("first");
        Assert.Equal("other", first["metadata"]!["labels"]![ArgoNames.InstanceId]!.ToString());
        Assert.Equal("""{"check":{"onNoData":"inconclusive"}}""", first["metadata"]!["annotations"]![OwnNames.Metrics]!.ToString());
        Assert.Equal("""[{"name":"host","value":"shop"},{"name":"path","value":"/"}]""", first["spec"]!["args"]!.ToJsonString());
        var second = await ReadRunAsync(said.Split('/', ' ')[1]);
        Assert.Equal("""[{"name":"host","value":"shop=a"},{"name":"path","value":"/b"}]""", second["spec"]!["args"]!.ToJsonString());
    }

    private async Task<JsonObject> ReadRunAsync(string name) => JsonObject.Create(
        await ClusterConnection.Open(executor.Kubeconfig).Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(
            "argoproj.io", "v1alpha1", "default", "analysisruns", name, TestContext.Current.CancellationToken))!;

    private async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        await using var error = new StringWriter();
        using var console = new TestConsole().Width(400);
        var code = await new Shell(console, error, TimeProvider.System).RunAsync([.. args, "--kubeconfig", executor.Kubeconfig, "-n", "default"]);
        return (code, (console.Output + error).ReplaceLineEndings("\n").Trim());
    }
}
