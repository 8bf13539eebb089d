using System.Text.RegularExpressions;

namespace DaprRollouts.Tests.Docs;

/// <summary>Every link of the documentation to a file leads to one, and every page can be reached.</summary>
public sealed partial class LinksInDocs
{
    [Fact]
    public void Links_to_files_lead_somewhere()
    {
        var broken = Links().Where(l => !File.Exists(l.Target) && !Directory.Exists(l.Target)).Select(l => $"{Pages.Name(l.Page)}: {l.Written}");

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_page_is_linked_from_another()
    {
        var linked = Links().Where(l => l.Target != l.Page).Select(l => l.Target).ToHashSet();

        Assert.Empty(Pages.All.Where(p => p.StartsWith(Path.Combine(Repository.Root, "docs"), StringComparison.Ordinal) && !linked.Contains(p)).Select(Pages.Name));
    }

    private static IEnumerable<(string Page, string Written, string Target)> Links() =>
        from page in Pages.All
        from line in Pages.Prose(page)
        from Match link in Link.Matches(line)
        let written = link.Groups["target"].Value
        where !written.Contains("://") && !written.StartsWith('#') && !written.StartsWith("mailto:", StringComparison.Ordinal)
        select (page, written, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, written.Split('#')[0])));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link { get; }
}
