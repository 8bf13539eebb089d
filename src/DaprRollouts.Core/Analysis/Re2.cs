using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Analysis;

/// <summary>Regular expressions of the RE2 dialect: matched in linear time, without look-around or back references.</summary>
public static class Re2
{
    private const int MaxLength = 1000;
    private const int MaxRepeats = 1000;
    private const int MaxCached = 1000;

    private static readonly ConcurrentDictionary<string, Regex> Cache = new();

    /// <summary>The compiled pattern; false with a reason if it is not valid.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        try
        {
            regex = Compile(pattern);
            error = "";
            return true;
        }
        catch (ArgumentException e)
        {
            regex = null;
            error = e.Message;
            return false;
        }
    }

    private static Regex Compile(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        if (pattern.Length > MaxLength)
        {
            throw new ArgumentException($"the pattern has {pattern.Length} characters; {MaxLength} are the limit");
        }

        if (LargestRepeat(pattern) > MaxRepeats)
        {
            throw new ArgumentException($"invalid repeat count in '{pattern}': more than {MaxRepeats}");
        }

        try
        {
            var regex = new Regex(Re2Syntax.ToNet(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            if (Cache.Count < MaxCached)
            {
                Cache[pattern] = regex;
            }

            return regex;
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }

    /// <summary>How often the innermost part of nested repeats could be asked for: an automaton needs a state for each.</summary>
    private static long LargestRepeat(string pattern)
    {
        var repeats = Regex.Matches(pattern, @"\{(\d+)(?:,(\d*))?\}", RegexOptions.NonBacktracking);
        long sum = 0;
        long product = 1;
        foreach (Match repeat in repeats)
        {
            var upper = repeat.Groups[2].Value is { Length: > 0 } max ? max : repeat.Groups[1].Value;
            var count = upper.Length > 9 ? int.MaxValue : int.Parse(upper, System.Globalization.CultureInfo.InvariantCulture);
            sum += count;
            product = Math.Min(long.MaxValue / int.MaxValue - 1, product * Math.Max(1, count));
        }

        // Without groups nothing can nest, so that the counts add up; with groups they may multiply.
        return Regex.IsMatch(pattern, @"\)\s*\{", RegexOptions.NonBacktracking) ? product : sum;
    }
}
