using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Shows a rollout with all that belongs to it.</summary>
internal static class GetVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep showing it as it changes." };
        var timeout = new Option<int>("--timeout-seconds") { Description = "With --watch: stop after so many seconds. Default: never." };
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Wide);
        var rollout = new Command("rollout", "Show a rollout: state, what it waits for, revisions, pods, analyses.") { name, watch, timeout, output };
        rollout.Aliases.Add("ro");
        rollout.Aliases.Add("rollouts");
        rollout.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            var wide = parsed.GetValue(output) == OutputFormat.Wide;
            if (parsed.GetValue(output) is OutputFormat.Json or OutputFormat.Yaml)
            {
                var json = await target.ReadJsonAsync(Kinds.Rollouts, named, cancel);
                (json["metadata"] as JsonObject)?.Remove("managedFields"); // long, and of no interest to a reader; kubectl hides them, too
                await shell.Out.WriteAsync(OutputFormat.Text(json, parsed.GetValue(output)!));
            }
            else if (parsed.GetValue(watch))
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                if (parsed.GetValue(timeout) is > 0 and var seconds)
                {
                    patience.CancelAfter(TimeSpan.FromSeconds(seconds));
                }

                await WatchAsync(shell, target, named, wide, patience.Token);
            }
            else
            {
                shell.Show(RolloutScreen.Of(await target.ReadWithPodsAsync(named, cancel), shell.Time.GetUtcNow(), wide));
            }
        });
        return new Command("get", "Show one rollout.") { rollout };
    }

    /// <summary>Keeps showing a rollout until the user has seen enough.</summary>
    public static Task WatchAsync(Shell shell, Target target, string name, bool wide, CancellationToken cancel) =>
        Follow.ShowAsync(shell, async c => RolloutScreen.Of(await target.ReadWithPodsAsync(name, c), shell.Time.GetUtcNow(), wide), cancel);
}
