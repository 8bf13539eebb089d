using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>What the measurements of one metric amount to.</summary>
public static class MetricAssessment
{
    /// <summary>The phase of a metric; a phase that was reached is final.</summary>
    public static string Phase(MetricPlan metric, MetricResult? result, bool terminating)
    {
        if (AnalysisPhase.IsCompleted(result?.Phase))
        {
            return result!.Phase;
        }

        if (result?.Last is not { } last)
        {
            return terminating ? AnalysisPhase.Successful : AnalysisPhase.Pending;
        }

        if (!AnalysisPhase.IsCompleted(last.Phase))
        {
            return AnalysisPhase.Running;
        }

        return Broken(metric, result)?.Phase
            ?? Reached(metric, result)
            ?? (terminating ? Shortage(metric, result)?.Phase ?? AnalysisPhase.Successful : AnalysisPhase.Running);
    }

    /// <summary>That the metric has too few samples to succeed, if it has.</summary>
    public static BrokenLimit? Shortage(MetricPlan metric, MetricResult? result) =>
        (result is null ? 0 : Sampling.Count(result)) is var samples && samples < metric.Policy.MinSamples
            ? new BrokenLimit(metric.Policy.OnShortage, $"samples ({samples}) < minSamples ({metric.Policy.MinSamples})")
            : null;

    /// <summary>The limit that is broken, if one is: the phase that follows and why.</summary>
    public static BrokenLimit? Broken(MetricPlan metric, MetricResult result)
    {
        var limits = metric.Limits;
        return result.ConsecutiveError > limits.ConsecutiveError
                ? new BrokenLimit(AnalysisPhase.Error, $"consecutiveErrors ({result.ConsecutiveError}) > consecutiveErrorLimit ({limits.ConsecutiveError})")
            : result.Inconclusive > limits.Inconclusive
                ? new BrokenLimit(AnalysisPhase.Inconclusive, $"inconclusive ({result.Inconclusive}) > inconclusiveLimit ({limits.Inconclusive})")
            : limits.Failure >= 0 && result.Failed > limits.Failure
                ? new BrokenLimit(AnalysisPhase.Failed, $"failed ({result.Failed}) > failureLimit ({limits.Failure})")
            : null;
    }

    private static string? Reached(MetricPlan metric, MetricResult result)
    {
        var limits = metric.Limits;
        var wantsSuccesses = limits.ConsecutiveSuccess > 0;
        var hasSuccesses = wantsSuccesses && result.ConsecutiveSuccess >= limits.ConsecutiveSuccess;
        var shortage = Shortage(metric, result);
        if (hasSuccesses && shortage is null)
        {
            return AnalysisPhase.Successful;
        }

        return limits.Count is not { } count || result.Count < count ? null
            : !wantsSuccesses || hasSuccesses ? shortage?.Phase ?? AnalysisPhase.Successful
            : limits.Failure >= 0 ? AnalysisPhase.Inconclusive : AnalysisPhase.Failed;
    }
}

/// <summary>A limit that is broken.</summary>
/// <param name="Phase">The phase that follows.</param>
/// <param name="Reason">Which limit, in numbers.</param>
public sealed record BrokenLimit(string Phase, string Reason);
