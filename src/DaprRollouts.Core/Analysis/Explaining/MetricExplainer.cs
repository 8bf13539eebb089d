using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Explaining;

/// <summary>Explains a metric by what is stored of it.</summary>
internal static class MetricExplainer
{
    public static MetricExplanation Explain(MetricPlan metric, MetricResult? result, bool terminating, DateTimeOffset? startedAt, DateTimeOffset now)
    {
        var provider = MetricProviders.Of(metric.Metric.Provider).FirstOrDefault() ?? "none";
        var kept = result?.Measurements ?? [];
        var taken = (result?.Ended ?? 0) + (result?.Last is { FinishedAt: null } ? 1 : 0);
        var dropped = Math.Max(0, taken - kept.Count);
        return new MetricExplanation
        {
            Name = metric.Name,
            Provider = provider,
            Phase = result?.Phase ?? AnalysisPhase.Pending,
            SuccessCondition = NullIfEmpty(metric.Metric.SuccessCondition),
            FailureCondition = NullIfEmpty(metric.Metric.FailureCondition),
            Rules = Rules(metric),
            Counts = result is null ? [] : Counts(metric, result),
            Why = Why(metric, result, terminating, startedAt),
            Dropped = dropped,
            Measurements = [.. kept.Select((m, i) => new MeasurementExplanation(dropped + i + 1, m.FinishedAt ?? m.StartedAt, m.Value, m.Phase, Reasons(metric, provider, m, now)))],
        };
    }

    private static List<string> Rules(MetricPlan metric)
    {
        List<string> rules = [];
        if (metric.DryRun)
        {
            rules.Add("dry run: its verdict does not count");
        }

        if (metric.Policy.OnNoData is { } phase)
        {
            rules.Add($"no data counts as {phase}");
        }

        if (metric.Policy.MinSamples > 0)
        {
            rules.Add($"with fewer than {metric.Policy.MinSamples} samples it ends {metric.Policy.OnShortage}");
        }

        if (metric.Policy.Compare is { } compare)
        {
            rules.Add($"compares {compare.Canary} with {compare.Baseline}, {(compare.HigherIsWorse ? "higher" : "lower")} is worse, "
                + $"by {(compare.Method == ComparisonMethod.Sequential ? "a sequential test at every measurement" : "a rank test at the end")}, "
                + $"false alarms at most {GoFormat.Shortest(compare.FalseAlarmRate)}");
        }

        return rules;
    }

    private static List<string> Counts(MetricPlan metric, MetricResult result)
    {
        var limits = metric.Limits;
        List<string> counts =
        [
            $"measured {result.Count}{(limits.Count is { } count ? $" of {count}" : ", no end set")}",
            $"successful {result.Successful}",
            $"failed {result.Failed}, {(limits.Failure < 0 ? "any number" : limits.Failure)} tolerated",
            $"inconclusive {result.Inconclusive}, {limits.Inconclusive} tolerated",
            $"errors {result.Error}, in a row {result.ConsecutiveError}, {limits.ConsecutiveError} tolerated",
        ];
        if (limits.ConsecutiveSuccess > 0)
        {
            counts.Add($"successes in a row {result.ConsecutiveSuccess} of {limits.ConsecutiveSuccess}");
        }

        if (metric.Policy != MetricPolicy.None)
        {
            counts.Add($"samples {Sampling.Count(result)}{(metric.Policy.MinSamples > 0 ? $" of at least {metric.Policy.MinSamples}" : "")}");
        }

        if (metric.Policy.Compare is { } compare && Sampling.Comparison(result) is { } state)
        {
            counts.Add(ComparisonFinding.Of(compare, state, isLast: limits.Count is { } all && result.Count >= all).Text);
        }

        return counts;
    }

    private static string Why(MetricPlan metric, MetricResult? result, bool terminating, DateTimeOffset? startedAt)
    {
        if (result is null)
        {
            return terminating ? "never measured: the run was ended before"
                : metric.Limits.InitialDelay is { } delay && startedAt is { } start ? $"waits for its first measurement until {start + delay:HH:mm:ss}"
                : "waits for its first measurement";
        }

        if (!AnalysisPhase.IsCompleted(result.Phase))
        {
            return result.Last is { FinishedAt: null } ? "a measurement is under way" : "waits for its next measurement";
        }

        return (MetricAssessment.Broken(metric, result) ?? (result.Phase == AnalysisPhase.Successful ? null : MetricAssessment.Shortage(metric, result))) is { } broken
                ? broken.Reason
            : metric.Limits.ConsecutiveSuccess > 0 && result.ConsecutiveSuccess >= metric.Limits.ConsecutiveSuccess
                ? $"successes in a row ({result.ConsecutiveSuccess}) = consecutiveSuccessLimit ({metric.Limits.ConsecutiveSuccess})"
            : metric.Limits.Count is { } count && result.Count >= count
                ? $"count ({count}) reached, {(result.Phase == AnalysisPhase.Successful ? "no limit broken" : "without enough successes in a row")}"
            : "the run was ended, no limit was broken";
    }

    private static List<string> Reasons(MetricPlan metric, string provider, Measurement measurement, DateTimeOffset now)
    {
        List<string> reasons = [];
        if (measurement.Value is { } value && measurement.Metadata?.ContainsKey(OwnNames.NoData) != true && StoredValue.TryRead(provider, value, out var result))
        {
            Add(reasons, "", metric.Metric.SuccessCondition, result, measurement.FinishedAt ?? now, provider);
            Add(reasons, "failureCondition ", metric.Metric.FailureCondition, result, measurement.FinishedAt ?? now, provider);
        }

        if (!string.IsNullOrEmpty(measurement.Message))
        {
            reasons.Add(measurement.Message);
        }

        return reasons;
    }

    private static void Add(List<string> reasons, string which, string? condition, object? result, DateTimeOffset at, string provider)
    {
        if (string.IsNullOrEmpty(condition))
        {
            return;
        }

        try
        {
            var expression = Expression.Condition(condition, StaticType.Of(result));
            var rounded = StoredValue.IsRounded(provider) ? " (stored values are rounded)" : "";
            reasons.Add($"{which}{expression.Explain(result, at)} is {GoFormat.Default(expression.Evaluate(result, at))}{rounded}");
        }
        catch (ExpressionException)
        {
            return; // the measurement is an error, and its message says so with the same words
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
