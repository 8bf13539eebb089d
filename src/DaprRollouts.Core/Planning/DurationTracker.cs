using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Core.Planning;

/// <summary>How long an update takes, how much of that somebody held it, and how it ends.</summary>
public static class DurationTracker
{
    /// <summary>The status with its duration brought up to date.</summary>
    public static RolloutStatus Track(Facts facts, RolloutStatus after)
    {
        var duration = Paused(facts, after, Started(facts, after));
        var promoted = !string.IsNullOrEmpty(after.StableRs) && after.StableRs == after.CurrentPodHash;
        if (duration is { FinishedAt: null } && after.Abort == true && !promoted)
        {
            duration = Ended(duration, facts.Now) with { CompletionStatus = "Aborted", FinishedAt = facts.Now };
        }
        else if (duration is { FinishedAt: null } && promoted && facts.New is { } rs)
        {
            duration = duration with { CompletionStatus = duration.CompletionStatus ?? (facts.Status.PromoteFull == true ? "FastPromoted" : "Promoted") };
            if (rs.Available >= facts.Replicas)
            {
                duration = Ended(duration, facts.Now) with { FinishedAt = facts.Now };
            }
        }

        return after with { Duration = duration };
    }

    private static RolloutDuration? Started(Facts facts, RolloutStatus after)
    {
        var before = facts.Status;
        var isAnother = before.CurrentPodHash != after.CurrentPodHash;
        if (isAnother || (before.CurrentStepHash ?? "") != (after.CurrentStepHash ?? ""))
        {
            if (before.Duration is { FinishedAt: null } running && WayBack(facts) is { } back)
            {
                return isAnother ? running with { CompletionStatus = back } : running;
            }

            var alreadyThere = facts.NewIsStable && facts.New!.Available >= facts.Replicas;
            return after.CurrentPodHash is null || (alreadyThere && before.Duration is not null)
                ? before.Duration
                : new RolloutDuration { RolloutStartedAt = facts.Now };
        }

        var retried = before.AbortedAt is not null && after.AbortedAt is null && !facts.IsFullyPromoted;
        return retried ? new RolloutDuration { RolloutStartedAt = facts.Now } : before.Duration;
    }

    private static RolloutDuration? Paused(Facts facts, RolloutStatus after, RolloutDuration? duration)
    {
        if (duration is null or { FinishedAt: not null })
        {
            return duration;
        }

        return IsHeldByPerson(facts, after)
            ? duration with { ManualPauseStartedAt = duration.ManualPauseStartedAt ?? facts.Now }
            : Ended(duration, facts.Now);
    }

    private static RolloutDuration Ended(RolloutDuration duration, DateTimeOffset now) =>
        duration.ManualPauseStartedAt is { } since
            ? duration with
            {
                ManualPauseStartedAt = null,
                TotalManualPauseDurationSeconds = (duration.TotalManualPauseDurationSeconds ?? 0) + (long)(now - since).TotalSeconds,
            }
            : duration;

    private static bool IsHeldByPerson(Facts facts, RolloutStatus after) =>
        facts.IsPausedBySpec
        || after.PauseConditions?.Any(p => p.Reason switch
        {
            PauseReason.CanaryPauseStep => facts.Step?.Pause is { Duration: null },
            PauseReason.BlueGreenPause => facts.BlueGreen?.AutoPromotionEnabled == false,
            _ => true,
        }) == true;

    // Who goes back in the middle of an update ends it that way; nothing if the new revision is a newer one.
    private static string? WayBack(Facts facts) =>
        facts.NewIsStable || facts.IsInRollbackWindow || BlueGreenRules.IsRollbackWithinDelay(facts) ? "FastRolledBack"
        : facts.New is { } rs && facts.Stable is { } stable && rs.IsOlderThan(stable) ? "RolledBack"
        : null;
}
