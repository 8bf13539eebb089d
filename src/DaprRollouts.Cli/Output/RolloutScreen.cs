using DaprRollouts.Cli.Cluster;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DaprRollouts.Cli.Output;

/// <summary>A rollout on the screen: what it is and waits for, and the tree of what belongs to it.</summary>
internal static class RolloutScreen
{
    /// <summary>The whole screen; a wide one also has the addresses and nodes of pods and the images of ReplicaSets.</summary>
    public static IRenderable Of(RolloutPicture picture, DateTimeOffset now, bool wide = false) =>
        new Rows(Heading(picture, now), Text.Empty, new Unbroken(Tree(picture, now, wide)));

    private static Grid Heading(RolloutPicture picture, DateTimeOffset now)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn();
        foreach (var (name, value) in Header.Of(picture, now))
        {
            var colour = name == "Status:" ? Icons.Colour(value[2..]) : "default";
            grid.AddRow(new Markup(Markup.Escape(name)), new Markup($"[{colour}]{Markup.Escape(value)}[/]"));
        }

        return grid;
    }

    private static Table Tree(RolloutPicture picture, DateTimeOffset now, bool wide)
    {
        var table = new Table().NoBorder();
        foreach (var title in (string[])["NAME", "KIND", "STATUS", "AGE", "REMARKS", .. wide ? ["IP", "NODE", "IMAGES"] : Array.Empty<string>()])
        {
            table.AddColumn(new TableColumn(title).NoWrap().PadLeft(0).PadRight(2));
        }

        var rows = TreeRows.Of(picture, now);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            string[] cells =
            [
                Markup.Escape(Branch(rows, i) + row.Name),
                row.Kind,
                row.Status.Length == 0 ? "" : $"[{Icons.Colour(row.Status)}]{Markup.Escape(Icons.Mark(row.Status))}[/]",
                row.Age,
                Markup.Escape(row.Remarks),
                .. wide ? [row.Ip, row.Node, Markup.Escape(row.Images)] : Array.Empty<string>(),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    // The lines in front of a name show what it hangs from.
    private static string Branch(IReadOnlyList<TreeRow> rows, int index)
    {
        var depth = rows[index].Depth;
        if (depth == 0)
        {
            return "";
        }

        var branch = HasMore(rows, index, depth) ? "├─ " : "└─ ";
        for (var level = depth - 1; level > 0; level--)
        {
            branch = (HasMore(rows, index, level) ? "│  " : "   ") + branch;
        }

        return branch;
    }

    private static bool HasMore(IReadOnlyList<TreeRow> rows, int index, int depth)
    {
        for (var i = index + 1; i < rows.Count && rows[i].Depth >= depth; i++)
        {
            if (rows[i].Depth == depth)
            {
                return true;
            }
        }

        return false;
    }
}
