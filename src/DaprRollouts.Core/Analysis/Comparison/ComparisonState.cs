namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>All that a comparison needs to know of the samples so far.</summary>
public sealed record ComparisonState
{
    // What a rank test keeps grows with each sample, and lives in an object of limited size.
    private const int MostSamples = 1_000;

    public static ComparisonState Empty { get; } = new();

    /// <summary>The canary's samples, for tests that need them all.</summary>
    public IReadOnlyList<double>? Canary { get; init; }

    /// <summary>The baseline's.</summary>
    public IReadOnlyList<double>? Baseline { get; init; }

    /// <summary>The sequential test.</summary>
    public SequentialTest? Sequential { get; init; }

    /// <summary>The state with more samples. A sequential test takes them in pairs; what has no partner is left out.</summary>
    public ComparisonState With(ComparisonPolicy policy, IReadOnlyList<double> canary, IReadOnlyList<double> baseline)
    {
        if (policy.Method == ComparisonMethod.MannWhitney)
        {
            return this with { Canary = Grown(Canary, canary), Baseline = Grown(Baseline, baseline) };
        }

        var test = Sequential ?? SequentialTest.Start;
        foreach (var (ours, theirs) in canary.Zip(baseline))
        {
            test = test.With(policy.HigherIsWorse ? ours - theirs : theirs - ours);
        }

        return this with { Sequential = test };
    }

    private static IReadOnlyList<double> Grown(IReadOnlyList<double>? known, IReadOnlyList<double> more) => [.. (known ?? []).Concat(more).Take(MostSamples)];
}
