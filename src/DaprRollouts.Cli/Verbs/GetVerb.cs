using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Output;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Shows a rollout with all that belongs to it.</summary>
internal static class GetVerb
{
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
                await Follow.ShowAsync(shell, async c => RolloutScreen.Of(await target.ReadWithPodsAsync(named, c), shell.Time.GetUtcNow()), cancel);
            }
            else
            {
                shell.Console.Write(RolloutScreen.Of(await target.ReadWithPodsAsync(named, cancel), shell.Time.GetUtcNow()));
            }
        });
        return new Command("get", "Show one rollout.") { rollout };
    }
}
