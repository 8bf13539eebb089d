using System.Text.RegularExpressions;

namespace DaprRollouts.Tests.Tidy;

/// <summary>What keeps the sources easy to read.</summary>
public sealed partial class TidyTests
{
    private const int LinesOfSource = 400;
    private const int LinesOfTest = 600;
    private const int LinesOfFunction = 60;

    private static readonly string[] Sources = [.. Files("src"), .. Files("workflows")];
    private static readonly string[] Tests = [.. Files("tests")];

    [Fact]
    public void Files_are_short()
    {
        Assert.NotEmpty(Sources);
        Assert.NotEmpty(Tests);
        Assert.DoesNotContain(Sources, f => File.ReadLines(f).Count() > LinesOfSource);
        Assert.DoesNotContain(Tests, f => File.ReadLines(f).Count() > LinesOfTest);
    }

    [Fact]
    public void Functions_are_short() => Assert.Empty(Sources.SelectMany(LongFunctions));

    [Fact]
    public void Types_are_named_for_what_they_do() =>
        Assert.Empty(Sources.Concat(Tests).SelectMany(f => NothingSaying().Matches(File.ReadAllText(f)).Select(m => $"{f}: {m.Groups["name"].Value}")));

    [Fact]
    public void Nothing_sleeps_a_thread() => Assert.DoesNotContain(Sources.Concat(Tests), f => SleepingThread().IsMatch(File.ReadAllText(f)));

    [Fact]
    public void Folders_are_not_deep() =>
        Assert.DoesNotContain(Sources.Concat(Tests), f => Path.GetRelativePath(Repository.Root, f).Count(c => c == Path.DirectorySeparatorChar) > 5);

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !Generated().IsMatch(f));

    // By the braces of the layout that the build enforces: members of a type are indented by four.
    private static IEnumerable<string> LongFunctions(string file)
    {
        var lines = File.ReadAllLines(file);
        var start = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "    {" && !NestedType().IsMatch(lines[i - 1]))
            {
                start = i;
            }
            else if (lines[i] == "    }" && start >= 0)
            {
                if (i - start > LinesOfFunction)
                {
                    yield return $"{file}:{start}";
                }

                start = -1;
            }
        }
    }

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(?<name>\w*(Manager|Helpers?|Utils?|Utility|Misc))\b")]
    private static partial Regex NothingSaying();

    [GeneratedRegex(@"Thread\.Sleep\(\d")]
    private static partial Regex SleepingThread();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\b")]
    private static partial Regex NestedType();
}
