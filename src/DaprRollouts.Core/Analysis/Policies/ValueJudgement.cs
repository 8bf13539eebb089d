using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>What a measured value means.</summary>
/// <param name="Phase">The phase of the measurement.</param>
/// <param name="Message">Why, if that does not go without saying.</param>
/// <param name="Metadata">What later verdicts need to know of the value; null if nothing.</param>
public sealed record ValueJudgement(string Phase, string? Message, IReadOnlyDictionary<string, string>? Metadata = null)
{
    private static readonly Dictionary<string, string> WithoutData = new() { [OwnNames.NoData] = "true" };

    /// <summary>Judges a value under the conditions and the policy of its metric.</summary>
    public static ValueJudgement Of(Metric metric, MetricPolicy policy, object? result, DateTimeOffset now)
    {
        if (policy == MetricPolicy.None)
        {
            var (plain, why) = Conditions.Judge(metric, result, now);
            return new ValueJudgement(plain, why);
        }

        if (NoData.Is(result) && policy.OnNoData is { } counted)
        {
            return Absent(counted);
        }

        var (phase, message) = Conditions.Judge(metric, result, now);
        if (NoData.Is(result))
        {
            return new ValueJudgement(phase, message, WithoutData);
        }

        return policy.Compare is { } compare && phase != AnalysisPhase.Error
            ? Compared(new ValueJudgement(phase, message), compare, policy, result, now)
            : new ValueJudgement(phase, message);
    }

    private static ValueJudgement Absent(string phase) => new(phase, $"no data: counted as {phase} by onNoData", WithoutData);

    private static ValueJudgement Compared(ValueJudgement judged, ComparisonPolicy compare, MetricPolicy policy, object? result, DateTimeOffset now)
    {
        try
        {
            var canary = Samples.Of("canary", compare.Canary, result, now);
            var baseline = Samples.Of("baseline", compare.Baseline, result, now);
            if (canary.Count > 0 && baseline.Count > 0)
            {
                return judged with { Metadata = new Dictionary<string, string> { [OwnNames.CanarySamples] = Samples.Text(canary), [OwnNames.BaselineSamples] = Samples.Text(baseline) } };
            }

            return policy.OnNoData is { } counted ? Absent(counted) : judged with { Metadata = WithoutData };
        }
        catch (SampleException e)
        {
            return new ValueJudgement(AnalysisPhase.Error, e.Message);
        }
    }
}
