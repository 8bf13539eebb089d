using CsCheck;
using DaprRollouts.Core.Images;

namespace DaprRollouts.Tests.Core.Images;

/// <summary>Versions and ranges of them.</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("v1.2", "1.2.0")]
    [InlineData("7", "7.0.0")]
    [InlineData("1.2.3-rc.1+build.5", "1.2.3-rc.1")]
    [InlineData("latest", null)]
    [InlineData("1.2.3.4", null)]
    [InlineData("1..2", null)]
    [InlineData("1.2.3-", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999999", null)]
    public void A_version_has_up_to_three_numbers_and_may_be_a_pre_release(string text, string? expected)
    {
        var version = SemanticVersion.Parse(text);

        Assert.Equal(expected, version is null ? null : $"{version.Major}.{version.Minor}.{version.Patch}{(version.PreRelease.Length > 0 ? "-" + version.PreRelease : "")}");
    }

    [Fact]
    public void Versions_are_in_the_order_of_semver_org()
    {
        string[] ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0"];

        Assert.Equal(ordered, ordered.Reverse().OrderBy(v => SemanticVersion.Parse(v)));
    }

    [Theory]
    [InlineData("^1.2", "1.2.0 1.9.9", "1.1.9 2.0.0 1.3.0-rc.1")]
    [InlineData("^1.2.3", "1.2.3 1.3.0", "1.2.2 2.0.0")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 1.0.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.1.0")]
    [InlineData("^1", "1.0.0 1.9.0", "2.0.0 0.9.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2")]
    [InlineData("~1", "1.0.0 1.9.0", "2.0.0")]
    [InlineData(">=1.2 <2", "1.2.0 1.9.9", "1.1.0 2.0.0")]
    [InlineData(">1.2", "1.3.0 2.0.0", "1.2.0 1.2.9")]
    [InlineData("<=1.2", "1.2.9 1.0.0", "1.3.0")]
    [InlineData("1.x", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("1.2.*", "1.2.7", "1.3.0")]
    [InlineData("1.2", "1.2.0 1.2.7", "1.3.0")]
    [InlineData("1.2.3", "1.2.3", "1.2.4")]
    [InlineData("=1.2.3", "1.2.3", "1.2.4")]
    [InlineData("*", "0.0.1 9.9.9", "1.0.0-rc.1")]
    [InlineData("^1.2 || ^3", "1.5.0 3.1.0", "2.0.0 4.0.0")]
    [InlineData(">=1.2.0-rc.1 <2", "1.2.0-rc.1 1.2.0-rc.2 1.2.0 1.9.0", "1.2.0-beta 1.3.0-rc.1")]
    public void A_range_takes_what_package_managers_take(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range)!;

        Assert.All(inside.Split(' '), v => Assert.True(parsed.Contains(SemanticVersion.Parse(v)!), v));
        Assert.All(outside.Split(' '), v => Assert.False(parsed.Contains(SemanticVersion.Parse(v)!), v));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData(">=")]
    [InlineData(">1 ||")]
    [InlineData("=>1.2")]
    [InlineData("^*")]
    public void What_is_no_range_is_told(string range) => Assert.Null(VersionRange.Parse(range));

    [Fact]
    public void Nothing_that_anybody_writes_breaks_it() =>
        Gen.String["0123456789.vx*^~<>=|- +abc"].Sample(text =>
        {
            _ = SemanticVersion.Parse(text);
            _ = VersionRange.Parse(text)?.Contains(new SemanticVersion(1, 2, 3));
        });
}
