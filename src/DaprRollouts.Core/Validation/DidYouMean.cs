namespace DaprRollouts.Core.Validation;

/// <summary>Guesses what somebody meant by a word that nobody knows.</summary>
public static class DidYouMean
{
    /// <summary>The known word that is nearest; null if none is near.</summary>
    public static string? Of(string word, IEnumerable<string> known) => known
        .Select(k => (Word: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= Math.Max(1, word.Length / 3))
        .OrderBy(k => k.Distance)
        .ThenBy(k => k.Word, StringComparer.Ordinal)
        .FirstOrDefault().Word;

    /// <summary>The guess as the end of a message: <c>: did you mean "x"?</c>, or what there is to choose from.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> known) =>
        Of(word, known) is { } near ? $": did you mean \"{near}\"?"
        : known.Count is > 0 and <= 12 ? $": there are {string.Join(", ", known)}"
        : "";

    // Insertions, deletions, replacements and swaps of neighbours, the case of letters aside.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Step(a, b, rows, i, j);
            }
        }

        return rows[a.Length, b.Length];
    }

    private static int Step(string a, string b, int[,] rows, int i, int j)
    {
        var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
        var best = Math.Min(rows[i - 1, j - 1] + (same ? 0 : 1), Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1
            && char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 2]) && char.ToLowerInvariant(a[i - 2]) == char.ToLowerInvariant(b[j - 1]);
        return swapped ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
    }
}
