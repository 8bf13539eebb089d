using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DaprRollouts.Cli.Output;

/// <summary>What happened to a revision, as a table.</summary>
internal static class TimelineTable
{
    public static IRenderable Of(RevisionTimeline timeline)
    {
        var table = new Table().NoBorder();
        foreach (var title in (string[])["TIME", "KIND", "WHAT", "BY", "WHY"])
        {
            table.AddColumn(new TableColumn(title).PadLeft(0).PadRight(2));
        }

        foreach (var column in table.Columns.Take(2))
        {
            column.NoWrap = true;
        }

        foreach (var entry in timeline.Timeline)
        {
            table.AddRow([.. ((string[])[ModelJson.Time(entry.At), entry.Kind, entry.Text, entry.By ?? "", entry.Why ?? ""]).Select(Markup.Escape)]);
        }

        return new Rows(new Text($"revision {timeline.Revision}  (workflow {timeline.Workflow})"), table, Text.Empty);
    }
}
