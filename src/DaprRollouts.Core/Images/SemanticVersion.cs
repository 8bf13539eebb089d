using System.Globalization;

namespace DaprRollouts.Core.Images;

/// <summary>A version by semver.org, with or without a leading v; parts that are left out are 0.</summary>
public sealed record SemanticVersion(long Major, long Minor, long Patch, string PreRelease = "") : IComparable<SemanticVersion>
{
    /// <summary>Reads a version; null if it is none.</summary>
    public static SemanticVersion? Parse(string text)
    {
        var version = text.StartsWith('v') ? text[1..] : text;
        version = version.Split('+')[0];
        var dash = version.IndexOf('-');
        var (numbers, preRelease) = dash < 0 ? (version, "") : (version[..dash], version[(dash + 1)..]);
        var parts = numbers.Split('.');
        if (parts.Length > 3 || (dash >= 0 && preRelease.Length == 0) || !parts.All(IsNumber))
        {
            return null;
        }

        var read = parts.Select(p => long.Parse(p, CultureInfo.InvariantCulture)).Concat([0, 0]).ToArray();
        return new SemanticVersion(read[0], read[1], read[2], preRelease);
    }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byNumber = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return byNumber != 0 ? byNumber : ComparePreReleases(PreRelease, other.PreRelease);
    }

    // A release comes after its pre-releases; among these, numbers come before words, and the shorter comes first.
    private static int ComparePreReleases(string left, string right)
    {
        if (left == right || left.Length == 0 || right.Length == 0)
        {
            return left == right ? 0 : left.Length == 0 ? 1 : -1;
        }

        var (a, b) = (left.Split('.'), right.Split('.'));
        foreach (var (one, two) in a.Zip(b))
        {
            var (isNumber, otherIsNumber) = (IsNumber(one), IsNumber(two));
            var order = isNumber && otherIsNumber
                ? long.Parse(one, CultureInfo.InvariantCulture).CompareTo(long.Parse(two, CultureInfo.InvariantCulture))
                : isNumber != otherIsNumber ? (isNumber ? -1 : 1)
                : string.CompareOrdinal(one, two);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 18 && text.All(char.IsAsciiDigit);
}
