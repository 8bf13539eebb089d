using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Analysis;

/// <summary>Arbitrary valid parts of analysis, so that a test shows only what matters to it.</summary>
internal static class SomeAnalysis
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Metric Metric(string name = "m") => new() { Name = name, Provider = new MetricProvider { Web = new WebMetric { Url = "http://web" } } };

    public static AnalysisPlan Plan(params Metric[] metrics) => AnalysisPlan.Of(new AnalysisRunSpec { Metrics = metrics });

    public static Measurement Measured(string phase, int second = 0, string? message = null) => new()
    {
        Phase = phase,
        Message = message,
        StartedAt = Start.AddSeconds(second),
        FinishedAt = AnalysisPhase.IsCompleted(phase) ? Start.AddSeconds(second) : null,
    };

    /// <summary>The status after a look that took these measurements, one of each metric named.</summary>
    public static AnalysisRunStatus Look(AnalysisPlan plan, AnalysisRunStatus status, int second, params (string Metric, Measurement Measurement)[] measured)
    {
        var terminating = Schedule.IsTerminating(plan, status);
        var after = measured.Aggregate(status, (s, m) => Recording.Add(s, plan.Metric(m.Metric)!, m.Measurement));
        return Judge.Assess(plan, after, terminating, Start.AddSeconds(second)).Status;
    }
}
