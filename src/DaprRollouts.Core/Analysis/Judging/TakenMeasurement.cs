using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>A measurement that was taken, on its way into the status.</summary>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Ordinal">The how-manieth of its metric it is, from 1: a status that has it already does not take it again.</param>
/// <param name="Measurement">The measurement.</param>
/// <param name="Metadata">What the provider says of the metric as a whole.</param>
public sealed record TakenMeasurement(string Metric, int Ordinal, Measurement Measurement, IReadOnlyDictionary<string, string>? Metadata = null)
{
    /// <summary>The status with measurements that it may have in part.</summary>
    public static AnalysisRunStatus Restore(AnalysisPlan plan, AnalysisRunStatus status, IEnumerable<TakenMeasurement> taken)
    {
        foreach (var item in taken)
        {
            if (plan.Metric(item.Metric) is { } metric && (status.Result(item.Metric)?.Ended ?? 0) < item.Ordinal)
            {
                status = Recording.Add(status, metric, item.Measurement, item.Metadata);
            }
        }

        return status;
    }
}
