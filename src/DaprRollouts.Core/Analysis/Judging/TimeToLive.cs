using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>When a finished run goes.</summary>
public static class TimeToLive
{
    /// <summary>When to delete the run; null if it stays. More whole seconds than the limit must have passed.</summary>
    public static DateTimeOffset? EndsAt(AnalysisRunSpec spec, AnalysisRunStatus status)
    {
        if (!AnalysisPhase.IsCompleted(status.Phase) || spec.TtlStrategy is not { } strategy || status.CompletedAt is not { } completed)
        {
            return null;
        }

        var seconds = status.Phase switch
        {
            AnalysisPhase.Successful => strategy.SecondsAfterSuccess ?? strategy.SecondsAfterCompletion,
            AnalysisPhase.Failed => strategy.SecondsAfterFailure ?? strategy.SecondsAfterCompletion,
            _ => strategy.SecondsAfterCompletion,
        };
        return seconds is { } limit ? completed.AddSeconds(Math.Max(0, limit) + 1) : null;
    }
}
