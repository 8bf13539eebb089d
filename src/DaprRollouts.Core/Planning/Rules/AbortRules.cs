using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>
/// Abort, retry and full promotion. They come before all that scales or waits: nothing holds them up. An abort wins over a promotion under way; a promotion that
/// comes after the abort was recorded wins over it.
/// </summary>
public static class AbortRules
{
    /// <summary>A full promotion, or a rollback inside the window, ends every pause, abort and step.</summary>
    public static Outcome? SkipAhead(Facts facts)
    {
        if (!(facts.PromotesFully || (facts.IsInRollbackWindow && !facts.IsAborted)) || facts.IsFullyPromoted)
        {
            return null;
        }

        var status = facts.Status;
        var skipped = status.Abort is not true && status.AbortedAt is null && !facts.HasAnyPause && status.ControllerPause is not true
            && status.CurrentStepIndex == facts.LastIndex;
        return skipped ? null : new Advance(Unpaused(WithoutRetry(facts)) with { Abort = null, AbortedAt = null, CurrentStepIndex = facts.LastIndex });
    }

    /// <summary>An abort of what is stable already has no meaning.</summary>
    public static Outcome? DropMeaningless(Facts facts) =>
        facts.Status.Abort == true && facts.IsFullyPromoted
            ? new Advance(facts.Status with { Abort = null, AbortedAt = null })
            : null;

    /// <summary>What an abort by a user means for the rest of the status.</summary>
    public static Outcome? Record(Facts facts) =>
        facts.IsAborted && !IsRecorded(facts) ? Abort(facts, null) : null;

    /// <summary>A retry starts the update again.</summary>
    public static Outcome? Retry(Facts facts)
    {
        var status = facts.Status;
        if (status.Abort == true || (status.AbortedAt is null && status.Condition(ConditionType.Progressing)?.Reason != Reason.RolloutAborted))
        {
            return null;
        }

        var blueGreen = status.BlueGreen is null ? null : status.BlueGreen with { PrePromotionAnalysisRunStatus = null, PostPromotionAnalysisRunStatus = null };
        return new Advance(WithoutRetry(facts) with { AbortedAt = null, BlueGreen = blueGreen });
    }

    /// <summary>The status of an update that is aborted now.</summary>
    /// <param name="facts">The situation.</param>
    /// <param name="cause">What caused it; nothing if a user did.</param>
    public static Advance Abort(Facts facts, string? cause)
    {
        var message = $"Rollout aborted update to revision {facts.Revision}" + (string.IsNullOrEmpty(cause) ? "" : $": {cause}");
        var status = Unpaused(facts.Status) with
        {
            Abort = true,
            PromoteFull = null,
            AbortedAt = facts.Status.AbortedAt ?? facts.Now,
            CurrentStepIndex = facts.Steps.Count == 0 ? null : 0,
        };
        var aborted = status.WithCondition(ConditionType.Progressing, "False", Reason.RolloutAborted, message, facts.Now);
        return new Advance(aborted, ReferenceEquals(aborted, status) ? [] : [new Notice(Reason.RolloutAborted, message, IsWarning: true)]);
    }

    private static bool IsRecorded(Facts facts) =>
        facts.Status.AbortedAt is not null && !facts.HasAnyPause && facts.Status.ControllerPause is not true
        && facts.Status.CurrentStepIndex == (facts.Steps.Count == 0 ? null : 0)
        && facts.Status.Condition(ConditionType.Progressing)?.Reason == Reason.RolloutAborted;

    private static RolloutStatus WithoutRetry(Facts facts) =>
        facts.Status.Condition(ConditionType.Progressing)?.Reason == Reason.RolloutAborted
            ? facts.Status.WithCondition(ConditionType.Progressing, "Unknown", Reason.RolloutRetry, "Retrying Rollout after abort", facts.Now)
            : facts.Status;

    private static RolloutStatus Unpaused(RolloutStatus status) => status with { PauseConditions = null, ControllerPause = null };
}
