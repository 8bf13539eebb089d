using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>Whether policies fit the metrics that they are for.</summary>
public static class PolicyValidation
{
    private static readonly string[] WithoutResult = ["job", "kayenta"];

    /// <summary>The policy of each metric.</summary>
    /// <param name="annotations">The annotations of the run.</param>
    /// <param name="written">The metrics as they are written.</param>
    /// <param name="metrics">The same with their placeholders filled.</param>
    /// <exception cref="InvalidAnalysisException">They do not fit.</exception>
    public static IReadOnlyList<MetricPolicy> Checked(
        IEnumerable<KeyValuePair<string, string>>? annotations, IReadOnlyList<Metric> written, IReadOnlyList<Metric> metrics)
    {
        try
        {
            var policies = MetricPolicies.Of(annotations);
            HashSet<string> names = [.. metrics.Concat(written).Select(m => m.Name ?? "")];
            if (policies.Names.FirstOrDefault(n => !names.Contains(n)) is { } unknown)
            {
                throw PolicyReader.Invalid($"there is no metric {unknown}{DidYouMean.Hint(unknown, names)}");
            }

            List<MetricPolicy> checkedOnes = [.. metrics.Select((m, i) => policies.Of(m.Name ?? "", written[i].Name ?? ""))];
            for (var i = 0; i < metrics.Count; i++)
            {
                if (Error(metrics[i], checkedOnes[i]) is { } error)
                {
                    throw PolicyReader.Invalid($"{metrics[i].Name}: {error}");
                }
            }

            return checkedOnes;
        }
        catch (InvalidAnalysisException e)
        {
            throw new InvalidAnalysisException($"Analysis spec invalid: {e.Message}");
        }
    }

    private static string? Error(Metric metric, MetricPolicy policy)
    {
        var limits = MetricLimits.Of(metric);
        var hasResult = !MetricProviders.Of(metric.Provider).Any(WithoutResult.Contains);
        return policy switch
        {
            { OnNoData: not null } or { Compare: not null } when !hasResult => "only metrics with a result can have onNoData and compare",
            { MinSamples: var least } when limits.Count < least => $"minSamples ({least}) cannot be reached with count {limits.Count}",
            { Compare.Method: ComparisonMethod.MannWhitney } when limits.Count is null => "compare with mannWhitney needs a count: it may be looked at only once, at the end",
            { Compare.Method: ComparisonMethod.MannWhitney } when limits.Failure != 0 || limits.ConsecutiveSuccess != 0 =>
                "compare with mannWhitney fails the last measurement, so failureLimit and consecutiveSuccessLimit must be 0",
            _ => null,
        };
    }
}
