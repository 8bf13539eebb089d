using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Overviews;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DaprRollouts.Cli.Demo;

/// <summary>
/// Shows a rollout while it changes: on a terminal as a live tree under the story so far, elsewhere as the lines that changed.
/// </summary>
internal sealed class DemoScreen(Shell shell, LiveDisplayContext? live)
{
    private readonly List<string> _story = [];
    private readonly Dictionary<string, string> _shown = [];
    private readonly long _started = shell.Time.GetTimestamp();

    /// <summary>How long the demo has run.</summary>
    public TimeSpan Elapsed => shell.Time.GetElapsedTime(_started);

    /// <summary>What was told, in order.</summary>
    public IReadOnlyList<string> Story => _story;

    /// <summary>Tells what happens now.</summary>
    public void Tell(string text)
    {
        var line = $"{Elapsed.TotalSeconds,5:0.0}s  {text}";
        _story.Add(line);
        if (live is null)
        {
            shell.Out.WriteLine($"\n{line}");
        }
    }

    /// <summary>Shows the rollout as it is now.</summary>
    public void Show(RolloutPicture picture)
    {
        var now = shell.Time.GetUtcNow();
        if (live is not null)
        {
            var story = _story.Select(line => (IRenderable)new Markup($"[bold]{Markup.Escape(line)}[/]"));
            live.UpdateTarget(new Rows([.. story, Text.Empty, RolloutScreen.Of(picture, now)]));
            live.Refresh();
            return;
        }

        var (phase, message) = SummaryOf.PhaseAsShown(picture.Seen.Rollout);
        Print("Rollout", $"{Icons.Mark(phase)}{(string.IsNullOrEmpty(message) ? "" : $" - {message}")}");
        foreach (var row in TreeRows.Of(picture, now).Where(r => r.Kind is "ReplicaSet" or "AnalysisRun"))
        {
            Print(row.Name, $"   {row.Kind} {row.Name}: {row.Status}{(row.Remarks.Length > 0 ? $", {row.Remarks}" : "")}");
        }
    }

    private void Print(string what, string line)
    {
        if (_shown.GetValueOrDefault(what) != line)
        {
            _shown[what] = line;
            shell.Out.WriteLine($"{Elapsed.TotalSeconds,5:0.0}s     {line}");
        }
    }
}
