namespace DaprRollouts.Core.Images;

/// <summary>
/// A range of versions as package managers write it: comparisons that must all hold (<c>&gt;=1.2 &lt;2</c>), <c>^1.2</c> (no breaking change), <c>~1.2</c> (patches
/// only), <c>1.x</c>, <c>*</c>, and alternatives separated by <c>||</c>. Pre-releases are in it only where one is named.
/// </summary>
public sealed class VersionRange
{
    private readonly List<List<Comparison>> _alternatives;

    private VersionRange(List<List<Comparison>> alternatives) => _alternatives = alternatives;

    /// <summary>Reads a range; null if it is none.</summary>
    public static VersionRange? Parse(string text)
    {
        List<List<Comparison>> alternatives = [];
        foreach (var alternative in text.Split("||"))
        {
            List<Comparison> comparisons = [];
            foreach (var word in alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Word(word) is not { } meant)
                {
                    return null;
                }

                comparisons.AddRange(meant);
            }

            if (comparisons.Count == 0)
            {
                return null;
            }

            alternatives.Add(comparisons);
        }

        return new VersionRange(alternatives);
    }

    /// <summary>Whether a version is in the range.</summary>
    public bool Contains(SemanticVersion version) => _alternatives.Any(all =>
        all.TrueForAll(c => c.Holds(version))
        && (version.PreRelease.Length == 0 || all.Exists(c => c.Bound is { PreRelease.Length: > 0 } bound && SameNumbers(bound, version))));

    private static bool SameNumbers(SemanticVersion left, SemanticVersion right) => left with { PreRelease = "" } == right with { PreRelease = "" };

    private static List<Comparison>? Word(string word)
    {
        var sign = word.TakeWhile(c => c is '<' or '>' or '=' or '^' or '~').Count();
        var (compare, rest) = (word[..sign], word[sign..]);
        var given = rest.Split('.').TakeWhile(p => p is not ("x" or "X" or "*")).ToArray();
        if (given.Length == 0 || given is [""])
        {
            return rest is "*" or "x" or "X" && compare.Length == 0 ? [new Comparison(">=", new SemanticVersion(0, 0, 0))] : null;
        }

        if (SemanticVersion.Parse(string.Join('.', given)) is not { } from)
        {
            return null;
        }

        var depth = rest.Split('-')[0].Split('.').TakeWhile(p => p is not ("x" or "X" or "*")).Count();
        return compare switch
        {
            "" or "=" when depth >= 3 => [new Comparison("=", from)],
            "" or "=" => Between(from, Next(from, depth)),
            "^" => Between(from, from.Major > 0 || depth == 1 ? Next(from, 1) : from.Minor > 0 || depth == 2 ? Next(from, 2) : Next(from, 3)),
            "~" => Between(from, Next(from, Math.Min(depth, 2))),
            "<" or ">=" => [new Comparison(compare, from)],
            ">" => [depth >= 3 ? new Comparison(">", from) : new Comparison(">=", Next(from, depth))],
            "<=" => [depth >= 3 ? new Comparison("<=", from) : new Comparison("<", Next(from, depth))],
            _ => null,
        };
    }

    private static List<Comparison> Between(SemanticVersion from, SemanticVersion below) => [new Comparison(">=", from), new Comparison("<", below)];

    // The first version after all that begin with the same parts.
    private static SemanticVersion Next(SemanticVersion from, int parts) => parts switch
    {
        1 => new SemanticVersion(from.Major + 1, 0, 0),
        2 => new SemanticVersion(from.Major, from.Minor + 1, 0),
        _ => new SemanticVersion(from.Major, from.Minor, from.Patch + 1),
    };

    private sealed record Comparison(string Sign, SemanticVersion Bound)
    {
        public bool Holds(SemanticVersion version) => Sign switch
        {
            "<" => version < Bound,
            "<=" => version <= Bound,
            ">" => version > Bound,
            ">=" => version >= Bound,
            _ => version.CompareTo(Bound) == 0,
        };
    }
}
