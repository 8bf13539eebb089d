using DaprRollouts.Cli;
using DaprRollouts.Tests.Executor;
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

    private async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        await using var error = new StringWriter();
        using var console = new TestConsole().Width(400);
        var code = await new Shell(console, error, TimeProvider.System).RunAsync([.. args, "--kubeconfig", executor.Kubeconfig, "-n", "default"]);
        return (code, (console.Output + error).ReplaceLineEndings("\n").Trim());
    }
}
