using DaprRollouts.Core.Analysis.Comparison;

namespace DaprRollouts.Tests.Analysis;

/// <summary>The rank test against the tables of critical values that textbooks print.</summary>
public class MannWhitneyTests
{
    public static TheoryData<double, int, int, int> CriticalValues => new()
    {
        // One-sided 0.05.
        { 0.05, 5, 5, 4 }, { 0.05, 6, 6, 7 }, { 0.05, 7, 7, 11 }, { 0.05, 8, 8, 15 }, { 0.05, 9, 9, 21 }, { 0.05, 10, 10, 27 }, { 0.05, 12, 12, 42 },
        { 0.05, 15, 15, 72 }, { 0.05, 20, 20, 138 }, { 0.05, 5, 10, 11 },

        // One-sided 0.025.
        { 0.025, 4, 4, 0 }, { 0.025, 5, 5, 2 }, { 0.025, 6, 6, 5 }, { 0.025, 7, 7, 8 }, { 0.025, 8, 8, 13 }, { 0.025, 9, 9, 17 }, { 0.025, 10, 10, 23 },
        { 0.025, 12, 12, 37 }, { 0.025, 15, 15, 64 }, { 0.025, 20, 20, 127 }, { 0.025, 5, 10, 8 }, { 0.025, 10, 20, 55 },

        // One-sided 0.005.
        { 0.005, 5, 5, 0 }, { 0.005, 6, 6, 2 }, { 0.005, 7, 7, 4 }, { 0.005, 8, 8, 7 }, { 0.005, 10, 10, 16 }, { 0.005, 15, 15, 51 }, { 0.005, 20, 20, 105 },
    };

    [Theory]
    [MemberData(nameof(CriticalValues))]
    public void The_exact_distribution_has_the_critical_values_of_the_tables(double level, int m, int n, int critical)
    {
        Assert.True(MannWhitney.Exact(m, n, m * n - critical) <= level);
        Assert.True(MannWhitney.Exact(m, n, m * n - critical - 1) > level);
    }

    [Fact]
    public void Samples_that_lie_wholly_above_others_are_as_unlikely_as_one_order_among_all()
    {
        Assert.Equal(1 / 20d, MannWhitney.Probability([4, 5, 6], [1, 2, 3]), 12);
        Assert.Equal(1, MannWhitney.Probability([1, 2, 3], [4, 5, 6]), 12);
    }

    [Fact]
    public void Large_samples_are_judged_nearly_as_exactly()
    {
        double[] higher = [.. Enumerable.Range(0, 30).Select(i => i + 4.3)];
        double[] lower = [.. Enumerable.Range(0, 30).Select(i => 1.01 * i)];
        var u = higher.Sum(h => lower.Count(l => h > l));

        Assert.Equal(MannWhitney.Exact(30, 30, u), MannWhitney.Probability(higher, lower), 3);
    }

    [Fact]
    public void Ties_count_half_and_equal_samples_say_nothing()
    {
        Assert.Equal(1, MannWhitney.Probability([1, 1, 1, 1], [1, 1, 1, 1]));
        Assert.InRange(MannWhitney.Probability([0, 0, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 1]), 0.005, 0.02); // 0.0087 by the normal approximation
        Assert.Equal(1, MannWhitney.Probability([], [1]));
    }
}
