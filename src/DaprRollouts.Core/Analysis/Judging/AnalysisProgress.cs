using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>How far a run is, in one line.</summary>
public static class AnalysisProgress
{
    /// <summary>Such as <c>success-rate: 3 of 5 measurements, latency: 7 measurements</c>; metrics that have ended say how.</summary>
    public static string Describe(AnalysisRunSpec spec, AnalysisRunStatus status)
    {
        IReadOnlyDictionary<string, string> arguments;
        try
        {
            arguments = Arguments.Masked(spec.Args);
        }
        catch (InvalidAnalysisException e)
        {
            return e.Message;
        }

        return string.Join(", ", (spec.Metrics ?? []).Select(m => Describe(m, arguments, status)));
    }

    /// <summary>The same of a run whose placeholders are filled already.</summary>
    public static string Describe(AnalysisPlan plan, AnalysisRunStatus status) => string.Join(", ", plan.Metrics.Select(m => Describe(m.Metric, status)));

    private static string Describe(Metric metric, IReadOnlyDictionary<string, string> arguments, AnalysisRunStatus status)
    {
        return Describe(Fill(metric, arguments), status);
    }

    private static string Describe(Metric filled, AnalysisRunStatus status)
    {
        var result = status.Result(filled.Name ?? "");
        if (result is not null && AnalysisPhase.IsCompleted(result.Phase))
        {
            return $"{filled.Name}: {result.Phase}";
        }

        var taken = result?.Count ?? 0;
        var of = MetricLimits.Of(filled).Count is { } wanted ? $"{taken} of {wanted}" : $"{taken}";
        var errors = result?.ConsecutiveError > 0 ? $", {result.ConsecutiveError} errors in a row" : "";
        return $"{filled.Name}: {of} measurements{errors}";
    }

    private static Metric Fill(Metric metric, IReadOnlyDictionary<string, string> arguments)
    {
        try
        {
            return Placeholders.Fill(metric, arguments);
        }
        catch (InvalidAnalysisException)
        {
            return metric; // the run itself says what is wrong; here only its progress is of interest
        }
    }
}
