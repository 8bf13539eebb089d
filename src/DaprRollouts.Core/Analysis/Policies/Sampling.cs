using System.Globalization;
using System.Text.Json;
using DaprRollouts.Core.Analysis.Comparison;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>Keeps count of samples, and the comparison going, in the result of a metric: it outlives the measurements, of which only the newest are kept.</summary>
public static class Sampling
{
    /// <summary>Measurements that had data.</summary>
    public static int Count(MetricResult result) =>
        int.TryParse(result.Metadata?.GetValueOrDefault(OwnNames.Samples), NumberStyles.None, CultureInfo.InvariantCulture, out var samples) ? samples : 0;

    /// <summary>What the comparison has come to; null if there is none yet.</summary>
    public static ComparisonState? Comparison(MetricResult result) =>
        result.Metadata?.GetValueOrDefault(OwnNames.Comparison) is { } text ? JsonSerializer.Deserialize<ComparisonState>(text, ModelJson.Options) : null;

    /// <summary>The result and a measurement that is about to be added to it, with what the policy makes of them.</summary>
    internal static (MetricResult Result, Measurement Measurement) Take(MetricPlan metric, MetricResult result, Measurement measurement)
    {
        if (metric.Policy == MetricPolicy.None || !IsCounted(measurement))
        {
            return (result, measurement);
        }

        var metadata = new Dictionary<string, string>(result.Metadata ?? new Dictionary<string, string>());
        var hasData = measurement.Metadata?.ContainsKey(OwnNames.NoData) != true;
        if (hasData)
        {
            metadata[OwnNames.Samples] = (Count(result) + 1).ToString(CultureInfo.InvariantCulture);
        }

        if (metric.Policy.Compare is { } compare)
        {
            var state = (Comparison(result) ?? ComparisonState.Empty)
                .With(compare, Samples.Parse(measurement.Metadata?.GetValueOrDefault(OwnNames.CanarySamples)), Samples.Parse(measurement.Metadata?.GetValueOrDefault(OwnNames.BaselineSamples)));
            metadata[OwnNames.Comparison] = JsonSerializer.Serialize(state, ModelJson.Options);
            var finding = ComparisonFinding.Of(compare, state, isLast: metric.Limits.Count is { } count && result.Count + 1 >= count);
            if (finding.IsWorse)
            {
                measurement = measurement with { Phase = AnalysisPhase.Failed, Message = finding.Text };
            }
        }

        return (metadata.Count == 0 ? result : result with { Metadata = metadata }, measurement);
    }

    private static bool IsCounted(Measurement measurement) =>
        measurement.Phase is AnalysisPhase.Successful or AnalysisPhase.Failed or AnalysisPhase.Inconclusive;
}
