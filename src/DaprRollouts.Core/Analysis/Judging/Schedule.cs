using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>When to measure.</summary>
public static class Schedule
{
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(10);

    /// <summary>Whether the run is on its way to its end: asked for, or because of a metric that counts and did not succeed.</summary>
    public static bool IsTerminating(AnalysisPlan plan, AnalysisRunStatus status) =>
        plan.Terminate
        || (status.MetricResults ?? []).Any(r => r is { DryRun: false, Phase: AnalysisPhase.Failed or AnalysisPhase.Error or AnalysisPhase.Inconclusive });

    /// <summary>The measurements to take now.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="status">What has been measured.</param>
    /// <param name="beat">When the next measurements are due to the tick, as far as that is known; the status knows whole seconds only.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<DueMeasurement> Due(AnalysisPlan plan, AnalysisRunStatus status, Beat beat, DateTimeOffset now)
    {
        var terminating = IsTerminating(plan, status);
        List<DueMeasurement> due = [];
        foreach (var metric in plan.Metrics)
        {
            if (Due(metric, status, beat, terminating, now) is { } measurement)
            {
                due.Add(measurement);
            }
        }

        return due;
    }

    /// <summary>When to look again; null if nothing but a change from outside can bring something new.</summary>
    public static DateTimeOffset? NextAt(AnalysisPlan plan, AnalysisRunStatus status, Beat beat, DateTimeOffset now) =>
        plan.Metrics.Select(m => NextAt(m, status, beat, now)).Where(t => t is not null).Min();

    private static DueMeasurement? Due(MetricPlan metric, AnalysisRunStatus status, Beat beat, bool terminating, DateTimeOffset now)
    {
        var result = status.Result(metric.Name);
        if (AnalysisPhase.IsCompleted(result?.Phase))
        {
            return null;
        }

        if (result?.Last is { FinishedAt: null } running)
        {
            return terminating ? new DueMeasurement(metric, MeasurementAction.Terminate, running)
                : running.ResumeAt > now ? null
                : new DueMeasurement(metric, MeasurementAction.Resume, running);
        }

        if (terminating)
        {
            return null;
        }

        var isDue = result?.Last is null
            ? metric.Limits.InitialDelay is null || FirstAt(metric, status) <= now
            : !IsCountReached(metric, result) && NextAfterLast(metric, result, beat) <= now;
        return isDue ? new DueMeasurement(metric, MeasurementAction.Run, null) : null;
    }

    private static DateTimeOffset? NextAt(MetricPlan metric, AnalysisRunStatus status, Beat beat, DateTimeOffset now)
    {
        var result = status.Result(metric.Name);
        if (AnalysisPhase.IsCompleted(result?.Phase))
        {
            return null;
        }

        return result?.Last switch
        {
            null when metric.Limits.InitialDelay is null => now,
            null => FirstAt(metric, status) ?? now + metric.Limits.InitialDelay,
            { FinishedAt: null } running => running.ResumeAt,
            _ when IsCountReached(metric, result) => null,
            _ => NextAfterLast(metric, result, beat),
        };
    }

    private static DateTimeOffset? FirstAt(MetricPlan metric, AnalysisRunStatus status) => status.StartedAt + metric.Limits.InitialDelay;

    private static bool IsCountReached(MetricPlan metric, MetricResult result) => metric.Limits.Count is { } count && result.Count >= count;

    private static DateTimeOffset NextAfterLast(MetricPlan metric, MetricResult result, Beat beat)
    {
        var last = result.Last!;
        return beat.At(metric.Name, result.Ended)
            ?? last.FinishedAt!.Value + (last.Phase == AnalysisPhase.Error ? AfterError : metric.Limits.Interval ?? AfterError);
    }

    /// <summary>
    /// When the measurement after one that has just ended is due. The interval counts from its end, but what it took, as long as that is less than
    /// the second that a stored time cannot tell apart, does not push the next one back: else a run of many would come late.
    /// </summary>
    public static DateTimeOffset After(MetricPlan metric, string phase, DateTimeOffset plannedAt, DateTimeOffset finishedAt)
    {
        if (phase == AnalysisPhase.Error || metric.Limits.Interval is not { } interval)
        {
            return finishedAt + AfterError;
        }

        return finishedAt - plannedAt < TimeSpan.FromSeconds(1) ? plannedAt + interval : finishedAt + interval;
    }
}

/// <summary>A measurement to take.</summary>
/// <param name="Metric">Of what.</param>
/// <param name="Action">What to do.</param>
/// <param name="Running">The measurement that is under way; null to start one.</param>
public sealed record DueMeasurement(MetricPlan Metric, MeasurementAction Action, Measurement? Running);

/// <summary>What to do about a measurement.</summary>
public enum MeasurementAction
{
    /// <summary>Start one.</summary>
    Run,

    /// <summary>Look again at one that is under way.</summary>
    Resume,

    /// <summary>End one that is under way.</summary>
    Terminate,
}
