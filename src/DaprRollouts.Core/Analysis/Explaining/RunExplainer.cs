using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Explaining;

/// <summary>Explains a run by what is stored of it.</summary>
public static class RunExplainer
{
    private const string NotStarted = "has not been looked at yet";

    /// <param name="spec">The run's spec.</param>
    /// <param name="annotations">Its annotations.</param>
    /// <param name="status">Its status; null before the first look.</param>
    /// <param name="now">The time.</param>
    public static RunExplanation Explain(
        AnalysisRunSpec spec, IEnumerable<KeyValuePair<string, string>>? annotations, AnalysisRunStatus? status, DateTimeOffset now)
    {
        var known = status ?? new AnalysisRunStatus();
        var explanation = new RunExplanation
        {
            Phase = known.Phase.Length == 0 ? AnalysisPhase.Pending : known.Phase,
            Message = known.Message,
            StartedAt = known.StartedAt,
            CompletedAt = known.CompletedAt,
            Why = "",
        };
        try
        {
            var plan = AnalysisPlan.Of(spec, annotations);
            return explanation with
            {
                Why = Why(plan, known),
                JudgedAgain = known.StartedAt is null ? null : Judge.Again(plan, known, now).Phase,
                Metrics = [.. plan.Metrics.Select(m => MetricExplainer.Explain(m, known.Result(m.Name), Schedule.IsTerminating(plan, known), known.StartedAt, now))],
            };
        }
        catch (InvalidAnalysisException e)
        {
            return explanation with { Why = e.Message };
        }
    }

    private static string Why(AnalysisPlan plan, AnalysisRunStatus status)
    {
        if (!AnalysisPhase.IsCompleted(status.Phase))
        {
            return status.StartedAt is null ? NotStarted : $"not ended: {AnalysisProgress.Describe(plan, status)}";
        }

        var worst = plan.Metrics.Where(m => !m.DryRun && status.Result(m.Name)?.Phase == status.Phase).Select(m => m.Name).ToList();
        return status.Phase == AnalysisPhase.Error && status.CompletedAt is null ? status.Message ?? "it could not be carried out"
            : status.Phase == AnalysisPhase.Successful ? plan.Terminate ? "its end was asked for, and no metric speaks against it" : "every metric that counts succeeded"
            : worst.Count > 0 ? $"the worst that a metric came to: {string.Join(", ", worst)}"
            : status.Message ?? "its end was asked for before a metric had come to anything";
    }
}
