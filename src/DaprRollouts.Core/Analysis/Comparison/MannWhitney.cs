using System.Collections.Concurrent;

namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>
/// The rank test of Mann and Whitney: how likely a sample would lie so far above another if both came from one distribution. Exact for small samples without
/// ties, else by the normal approximation with corrections for ties and continuity.
/// </summary>
public static class MannWhitney
{
    private const int LargestExact = 25;

    // By the sizes of both sides: what a distribution says never changes.
    private static readonly ConcurrentDictionary<(int, int), double[]> Distributions = new();

    /// <summary>The probability, one-sided; 1 if a side has no samples.</summary>
    public static double Probability(IReadOnlyList<double> higher, IReadOnlyList<double> lower)
    {
        if (higher.Count == 0 || lower.Count == 0)
        {
            return 1;
        }

        var (u, ties) = Statistic(higher, lower);
        return ties == 0 && higher.Count <= LargestExact && lower.Count <= LargestExact
            ? Exact(higher.Count, lower.Count, (int)u)
            : Approximate(higher.Count, lower.Count, u, ties);
    }

    /// <summary>The probability that U, the number of pairs in which the first side is higher, is at least so large.</summary>
    public static double Exact(int m, int n, int u) => Distributions.GetOrAdd((m, n), static sizes => Tails(sizes.Item1, sizes.Item2))[u];

    private static double[] Tails(int m, int n)
    {
        // ways[k][s]: in how many ways k of the ranks looked at so far sum up to s.
        var most = m * (m + 1) / 2 + m * n;
        var ways = new double[m + 1][];
        for (var k = 0; k <= m; k++)
        {
            ways[k] = new double[most + 1];
        }

        ways[0][0] = 1;
        for (var rank = 1; rank <= m + n; rank++)
        {
            for (var k = Math.Min(m, rank); k >= 1; k--)
            {
                for (var sum = most; sum >= rank; sum--)
                {
                    ways[k][sum] += ways[k - 1][sum - rank];
                }
            }
        }

        var tails = ways[m][(m * (m + 1) / 2)..];
        for (var u = tails.Length - 2; u >= 0; u--)
        {
            tails[u] += tails[u + 1];
        }

        return [.. tails.Select(t => t / tails[0])];
    }

    /// <summary>U, and the sum of t³ - t over all groups of t equal values.</summary>
    private static (double U, double Ties) Statistic(IReadOnlyList<double> higher, IReadOnlyList<double> lower)
    {
        var all = higher.Select(v => (Value: v, IsHigher: true)).Concat(lower.Select(v => (Value: v, IsHigher: false))).OrderBy(v => v.Value).ToList();
        double ranks = 0, ties = 0;
        for (var start = 0; start < all.Count;)
        {
            var end = start;
            while (end < all.Count && all[end].Value == all[start].Value)
            {
                end++;
            }

            var size = end - start;
            ranks += all.GetRange(start, size).Count(v => v.IsHigher) * ((start + 1 + end) / 2d);
            ties += (double)size * size * size - size;
            start = end;
        }

        return (ranks - higher.Count * (higher.Count + 1) / 2d, ties);
    }

    private static double Approximate(int m, int n, double u, double ties)
    {
        double all = m + n;
        var variance = m * (double)n / 12 * (all + 1 - ties / (all * (all - 1)));
        return variance <= 0 ? 1 : 1 - Normal((u - m * (double)n / 2 - 0.5) / Math.Sqrt(variance));
    }

    // The distribution function of the normal distribution; Abramowitz and Stegun 26.2.17, to 7.5e-8.
    private static double Normal(double x)
    {
        if (x < 0)
        {
            return 1 - Normal(-x);
        }

        var t = 1 / (1 + 0.2316419 * x);
        var polynomial = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return 1 - Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
    }
}
