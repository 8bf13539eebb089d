using System.CommandLine;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Demo;
using DaprRollouts.Cli.Output;
using Spectre.Console;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Shows what the product does, with nothing but this program: a good canary and a bad one.</summary>
internal static class DemoVerb
{
    public static Command Create(Shell shell)
    {
        var keep = new Option<bool>("--keep") { Description = "Stay up afterwards, for you to play with." };
        var command = new Command("demo", "Run a good and a bad canary in a cluster inside this program; takes about half a minute.") { keep };
        command.SetAction((parsed, cancel) => RunAsync(shell, parsed.GetValue(keep), cancel));
        return command;
    }

    private static async Task RunAsync(Shell shell, bool keep, CancellationToken cancel)
    {
        await using var cluster = new DemoCluster();
        var target = await cluster.StartAsync(cancel);
        using var api = new ExecutorApi(cluster.Server, () => target);
        var screen = Console.IsOutputRedirected
            ? await TellAsync(null)
            : await shell.Console.Live(new Text("starting")).Overflow(VerticalOverflow.Crop).StartAsync(TellAsync);
        await SummariseAsync(shell, api, screen, cancel);
        if (keep)
        {
            await KeepAsync(shell, cluster, cancel);
        }

        async Task<DemoScreen> TellAsync(LiveDisplayContext? live)
        {
            var screen = new DemoScreen(shell, live);
            await new DemoStory(target, api, screen, shell.Time).RunAsync(cluster.MetricAddress, cancel);
            return screen;
        }
    }

    private static async Task SummariseAsync(Shell shell, ExecutorApi api, DemoScreen screen, CancellationToken cancel)
    {
        await shell.Out.WriteLineAsync($"\nWhat happened, in {screen.Elapsed.TotalSeconds:0} s:");
        foreach (var line in screen.Story)
        {
            await shell.Out.WriteLineAsync($"  {line}");
        }

        await shell.Out.WriteLineAsync("\nWhat the workflows remember of the two updates (dapr-rollouts history shop):\n");
        foreach (var timeline in (await api.HistoryAsync(DemoManifests.Namespace, DemoManifests.Rollout, cancel)).Where(t => t.Revision > 1))
        {
            shell.Console.Write(TimelineTable.Of(timeline));
        }
    }

    private static async Task KeepAsync(Shell shell, DemoCluster cluster, CancellationToken cancel)
    {
        await shell.Out.WriteLineAsync($"""
            The demo stays up until Ctrl-C.
              kubeconfig  {cluster.Kubeconfig}
              API server  {cluster.ApiServer}
              executor    {cluster.Server}

            In another terminal:
              export KUBECONFIG={cluster.Kubeconfig} DAPR_ROLLOUTS_SERVER={cluster.Server}
              kubectl -n {DemoManifests.Namespace} get rollouts,replicasets,pods,analysisruns
              dapr-rollouts -n {DemoManifests.Namespace} get rollout {DemoManifests.Rollout} --watch
              dapr-rollouts -n {DemoManifests.Namespace} set image {DemoManifests.Rollout} shop=example/shop:1.3
              dapr-rollouts -n {DemoManifests.Namespace} promote {DemoManifests.Rollout}
              dapr-rollouts -n {DemoManifests.Namespace} history {DemoManifests.Rollout}
            """);
        await Task.Delay(Timeout.InfiniteTimeSpan, shell.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
