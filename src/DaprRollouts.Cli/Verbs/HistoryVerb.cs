using System.CommandLine;
using System.Text.Json;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using Spectre.Console;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Shows what happened to a rollout, as its workflows remember it.</summary>
internal static class HistoryVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var server = ServerOption.Create();
        var revision = RevisionOption.Create("--revision", "Only this revision. Default: all that the engine still knows.");
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("history", "Show what happened to a rollout: every weight, pause, measurement and signal, when, by whom and why.") { name, revision, server, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            using var api = new ExecutorApi(parsed.GetValue(server), () => target);
            var timelines = await api.HistoryAsync(target.Namespace, parsed.GetRequiredValue(name), cancel);
            if (parsed.GetValue(revision) is { } wanted)
            {
                timelines = Of(timelines, wanted);
            }

            if (parsed.GetValue(output) is { } format)
            {
                await shell.Out.WriteAsync(OutputFormat.Text(JsonSerializer.SerializeToNode(timelines, ModelJson.Options)!, format));
                return;
            }

            if (timelines.Count == 0)
            {
                await shell.Error.WriteLineAsync($"Nothing is remembered of rollout '{parsed.GetRequiredValue(name)}'.");
            }

            foreach (var timeline in timelines)
            {
                shell.Console.Write(TimelineTable.Of(timeline));
            }
        });
        return command;
    }

    /// <summary>What happened to one revision.</summary>
    public static IReadOnlyList<RevisionTimeline> Of(IReadOnlyList<RevisionTimeline> timelines, long revision) =>
        timelines.FirstOrDefault(t => t.Revision == revision) is { } found ? [found]
        : throw new CommandException(
            $"the engine knows no revision {revision}; it knows {(timelines.Count == 0 ? "none" : string.Join(", ", timelines.Select(t => t.Revision)))}");
}
