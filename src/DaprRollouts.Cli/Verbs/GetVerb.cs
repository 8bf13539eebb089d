using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Kubernetes.Resources;
using Spectre.Console;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Shows a rollout with all that belongs to it.</summary>
internal static class GetVerb
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep showing it as it changes." };
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Wide);
        var rollout = new Command("rollout", "Show a rollout: state, what it waits for, revisions, pods, analyses.") { name, watch, output };
        rollout.Aliases.Add("ro");
        rollout.Aliases.Add("rollouts");
        rollout.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            if (parsed.GetValue(output) is OutputFormat.Json or OutputFormat.Yaml)
            {
                var json = await target.ReadJsonAsync(Kinds.Rollouts, named, cancel);
                (json["metadata"] as JsonObject)?.Remove("managedFields"); // long, and of no interest to a reader; kubectl hides them, too
                await shell.Out.WriteAsync(OutputFormat.Text(json, parsed.GetValue(output)!));
            }
            else if (parsed.GetValue(watch))
            {
                await WatchAsync(shell, target, named, cancel);
            }
            else
            {
                shell.Console.Write(RolloutScreen.Of(await target.ReadWithPodsAsync(named, cancel), shell.Time.GetUtcNow()));
            }
        });
        return new Command("get", "Show one rollout.") { rollout };
    }

    private static async Task WatchAsync(Shell shell, Target target, string name, CancellationToken cancel)
    {
        var first = RolloutScreen.Of(await target.ReadWithPodsAsync(name, cancel), shell.Time.GetUtcNow());
        await shell.Console.Live(first).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(Interval, shell.Time);
            while (!cancel.IsCancellationRequested && await timer.WaitForNextTickAsync(cancel))
            {
                live.UpdateTarget(RolloutScreen.Of(await target.ReadWithPodsAsync(name, cancel), shell.Time.GetUtcNow()));
                live.Refresh();
            }
        });
    }
}
