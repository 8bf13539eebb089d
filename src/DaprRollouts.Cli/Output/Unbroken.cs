using Spectre.Console.Rendering;

namespace DaprRollouts.Cli.Output;

/// <summary>Lines that are never broken: what there is no room for is cut off.</summary>
internal sealed class Unbroken(IRenderable lines) : Renderable
{
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        Segment.SplitLines(lines.Render(options, Shell.RedirectedWidth)).SelectMany(line => Segment.Truncate(line, maxWidth).Append(Segment.LineBreak));
}
