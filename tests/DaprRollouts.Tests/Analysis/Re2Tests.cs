using DaprRollouts.Core.Analysis;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Patterns mean what they mean to RE2, also where .NET would mean something else.</summary>
public class Re2Tests
{
    [Theory]
    [InlineData("^OK$", "OK", true)]
    [InlineData("^OK$", "OK\n", false)]
    [InlineData("(?m)^OK$", "OK\nand more", true)]
    [InlineData("a[$]", "a$", true)]
    [InlineData(@"\$\d+", "$5", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\w+$", "é", false)]
    [InlineData(@"^[^\w]$", "é", true)]
    [InlineData(@"^[\D.]$", "1", false)]
    [InlineData(@"^\S+\s\W$", "a -", true)]
    [InlineData("^[[:alpha:]_]+$", "ab_", true)]
    [InlineData("^[[:alpha:]]$", ":", false)]
    [InlineData("^[[:^alpha:]]+$", "1é", true)]
    [InlineData("^[a-z-[b]]$", "b]", true)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[^]a]$", "]", false)]
    [InlineData(@"^[\]]$", "]", true)]
    [InlineData(@"^\Qa.b\E+$", "a.bb", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData(@"^\pL\PN$", "éx", true)]
    [InlineData("(?P<name>b+)$", "abb", true)]
    public void A_pattern_matches_as_with_RE2(string pattern, string text, bool matches)
    {
        Assert.True(Re2.TryCompile(pattern, out var regex, out var error), error);
        Assert.Equal(matches, regex.IsMatch(text));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("a\\")]
    [InlineData("(?=a)")]
    [InlineData(@"(a)\1")]
    [InlineData("a{1001}")]
    public void What_RE2_does_not_know_is_refused(string pattern) => Assert.False(Re2.TryCompile(pattern, out _, out _));
}
