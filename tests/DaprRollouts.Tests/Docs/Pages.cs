namespace DaprRollouts.Tests.Docs;

/// <summary>The pages of the documentation.</summary>
internal static class Pages
{
    private const string Indent = "    ";

    /// <summary>Paths of all of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Path.Combine(Repository.Root, "README.md"),
        Path.Combine(Repository.Root, "CHANGELOG.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
    ];

    /// <summary>The path of a page from the root.</summary>
    public static string Name(string page) => Path.GetRelativePath(Repository.Root, page);

    /// <summary>The lines of code blocks, fenced and indented.</summary>
    public static IEnumerable<string> Code(string page)
    {
        var isFenced = false;
        foreach (var line in File.ReadLines(page))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (isFenced || line.StartsWith(Indent, StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    /// <summary>The lines of running text.</summary>
    public static IEnumerable<string> Prose(string page)
    {
        var isFenced = false;
        foreach (var line in File.ReadLines(page))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (!isFenced && !line.StartsWith(Indent, StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }
}
