using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>Writes measurements into a status.</summary>
public static class Recording
{
    private const string TerminatedMessage = "Metric Terminated";

    /// <summary>The status with a measurement. One that is under way is replaced; times are kept to the second, as the API stores them.</summary>
    public static AnalysisRunStatus Add(AnalysisRunStatus status, MetricPlan metric, Measurement measurement, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var result = status.Result(metric.Name)
            ?? new MetricResult { Name = metric.Name, Phase = AnalysisPhase.Running, DryRun = metric.DryRun, Metadata = metadata is { Count: > 0 } ? metadata : null };
        IEnumerable<Measurement> before = result.Measurements ?? [];
        if (result.Last is { FinishedAt: null })
        {
            before = before.SkipLast(1);
        }

        (result, measurement) = Sampling.Take(metric, result, measurement);
        return status.WithResult(Count(result, measurement.Phase) with { Measurements = [.. before, Rounded(measurement)] });
    }

    /// <summary>A measurement as it is kept when its run was being ended.</summary>
    public static Measurement Terminated(Measurement measurement) =>
        measurement.Phase is AnalysisPhase.Successful or AnalysisPhase.Inconclusive ? measurement with { Message = TerminatedMessage } : measurement;

    /// <summary>The status with no more measurements of each metric than are kept.</summary>
    public static AnalysisRunStatus Trim(AnalysisPlan plan, AnalysisRunStatus status)
    {
        foreach (var metric in plan.Metrics)
        {
            if (status.Result(metric.Name) is { Measurements: { } all } result && all.Count > metric.Retention)
            {
                status = status.WithResult(result with { Measurements = [.. all.Skip(all.Count - metric.Retention)] });
            }
        }

        return status;
    }

    private static MetricResult Count(MetricResult result, string phase) => phase switch
    {
        AnalysisPhase.Successful => result with
        {
            Successful = result.Successful + 1,
            Count = result.Count + 1,
            ConsecutiveError = 0,
            ConsecutiveSuccess = result.ConsecutiveSuccess + 1,
        },
        AnalysisPhase.Failed => result with { Failed = result.Failed + 1, Count = result.Count + 1, ConsecutiveError = 0, ConsecutiveSuccess = 0 },
        AnalysisPhase.Inconclusive => result with
        {
            Inconclusive = result.Inconclusive + 1,
            Count = result.Count + 1,
            ConsecutiveError = 0,
            ConsecutiveSuccess = 0,
        },
        AnalysisPhase.Error => result with { Error = result.Error + 1, ConsecutiveError = result.ConsecutiveError + 1, ConsecutiveSuccess = 0 },
        _ => result,
    };

    private static Measurement Rounded(Measurement measurement) => measurement with
    {
        StartedAt = Rounded(measurement.StartedAt),
        FinishedAt = Rounded(measurement.FinishedAt),
        ResumeAt = Rounded(measurement.ResumeAt),
        Message = string.IsNullOrEmpty(measurement.Message) ? null : measurement.Message,
        Value = string.IsNullOrEmpty(measurement.Value) ? null : measurement.Value,
    };

    internal static DateTimeOffset? Rounded(DateTimeOffset? time) =>
        time is { } exact ? new DateTimeOffset(exact.UtcTicks - (exact.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : null;
}
