namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>What a comparison says.</summary>
/// <param name="IsWorse">Whether the canary is worse than its baseline.</param>
/// <param name="Text">In words and numbers.</param>
public sealed record ComparisonFinding(bool IsWorse, string Text)
{
    /// <param name="policy">How it is compared.</param>
    /// <param name="state">The samples so far.</param>
    /// <param name="isLast">Whether no more samples will come: a rank test may be looked at only once.</param>
    public static ComparisonFinding Of(ComparisonPolicy policy, ComparisonState state, bool isLast) =>
        policy.Method == ComparisonMethod.Sequential ? Sequential(policy, state.Sequential ?? SequentialTest.Start) : Ranks(policy, state, isLast);

    private static ComparisonFinding Sequential(ComparisonPolicy policy, SequentialTest test)
    {
        var needed = 1 / policy.FalseAlarmRate;
        var isWorse = test.Strongest >= needed;
        return new ComparisonFinding(
            isWorse, $"canary {(isWorse ? "is worse than" : "is not seen to be worse than")} baseline: evidence {Short(test.Strongest)} {(isWorse ? ">=" : "<")} {Short(needed)} after {test.Pairs} pairs");
    }

    private static ComparisonFinding Ranks(ComparisonPolicy policy, ComparisonState state, bool isLast)
    {
        var (canary, baseline) = (state.Canary ?? [], state.Baseline ?? []);
        var counts = $"{canary.Count} and {baseline.Count} samples";
        if (!isLast)
        {
            return new ComparisonFinding(false, $"canary and baseline are compared when all measurements are there: {counts} so far");
        }

        var p = policy.HigherIsWorse ? MannWhitney.Probability(canary, baseline) : MannWhitney.Probability(baseline, canary);
        var isWorse = p <= policy.FalseAlarmRate;
        return new ComparisonFinding(
            isWorse, $"canary {(isWorse ? "is worse than" : "is not seen to be worse than")} baseline: p {Short(p)} {(isWorse ? "<=" : ">")} {Short(policy.FalseAlarmRate)} for {counts}");
    }

    private static string Short(double number) => GoFormat.Default(double.Parse(number.ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture));
}
