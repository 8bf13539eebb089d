using System.CommandLine;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Kubernetes.Resources;
using Spectre.Console;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Explains what a rollout waits for, since when, until when, and who can move it.</summary>
internal static class ExplainRollout
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml);
        var rollout = new Command("rollout", "Explain what a rollout waits for, since when, until when, and who can move it.") { name, output };
        rollout.Aliases.Add("ro");
        rollout.Aliases.Add("rollouts");
        rollout.SetAction(async (parsed, cancel) =>
        {
            var picture = await shell.Connect(parsed).ReadWithPodsAsync(parsed.GetRequiredValue(name), cancel);
            var now = shell.Time.GetUtcNow();
            var explanation = ExplanationOf.Rollout(picture.Seen, [.. picture.Pods.Select(p => p.Overview())], now);
            if (parsed.GetValue(output) is { } format)
            {
                await shell.Out.WriteAsync(OutputFormat.Text(ModelJson.ToNode(explanation), format));
                return;
            }

            Write(shell.Console, explanation, now);
        });
        return rollout;
    }

    /// <summary>Writes it for people: the reason in the first line, the rest below.</summary>
    public static void Write(IAnsiConsole console, Explanation explanation, DateTimeOffset now)
    {
        console.Write(new Markup($"[{Icons.Colour(explanation.Phase)}]{Markup.Escape(Icons.Mark(explanation.Phase))}[/]  {Markup.Escape(explanation.Reason)}\n"));
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
        grid.AddRow("Where", Markup.Escape($"revision {explanation.Revision}, {explanation.Where}"));
        if (explanation.Since is { } since)
        {
            grid.AddRow("Since", $"{ModelJson.Time(since)} ({Age.Text(now - since)})");
        }

        grid.AddRow("Until", explanation.Until is { } until ? $"{ModelJson.Time(until)} at the latest (in {Age.Text(until - now)})" : "somebody or something moves it");
        foreach (var (mover, i) in explanation.Movers.Select((m, i) => (m, i)))
        {
            grid.AddRow(i == 0 ? "Moved by" : "", Markup.Escape($"{mover.Who}: {mover.Effect}{(mover.Command is null ? "" : $"  [dapr-rollouts {mover.Command}]")}"));
        }

        foreach (var (trouble, i) in explanation.Troubles.Select((t, i) => (t, i)))
        {
            grid.AddRow(i == 0 ? "Trouble" : "", Markup.Escape(trouble));
        }

        console.Write(grid);
    }
}
