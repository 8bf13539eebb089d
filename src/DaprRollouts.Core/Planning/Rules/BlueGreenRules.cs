using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Services, pause and promotion of a blue-green rollout.</summary>
public static class BlueGreenRules
{
    /// <summary>The pod template hash that the active Service selects, or "".</summary>
    public static string ActiveHash(Facts facts) => facts.Service(facts.BlueGreen?.ActiveService)?.Hash ?? "";

    /// <summary>The preview Service follows the new revision from its beginning.</summary>
    public static Outcome? SwitchPreview(Facts facts) =>
        IsHalted(facts) ? null : Switch(facts, facts.BlueGreen!.PreviewService, facts.New!);

    /// <summary>An active Service that lost its selector, or that took another one's place in mid-update, goes to stable: that promotes nothing.</summary>
    public static Outcome? RestoreActive(Facts facts) =>
        ActiveHash(facts).Length == 0 && facts.Stable is { Available: > 0 } stable && stable != facts.New ? Switch(facts, facts.BlueGreen!.ActiveService, stable) : null;

    /// <summary>The active Service goes to the new revision when that is allowed and its pods can serve, and back to stable after an abort.</summary>
    public static Outcome? SwitchActive(Facts facts)
    {
        if (facts.IsAborted)
        {
            return facts.Stable is { } stable && stable.Available > 0 && ActiveHash(facts) != stable.Hash
                ? Switch(facts, facts.BlueGreen!.ActiveService, stable)
                : null;
        }

        var allowed = IsFastTracked(facts) || (IsPauseOver(facts) && IsPreAnalysisDone(facts));
        return !IsHalted(facts) && IsSaturated(facts, facts.New!) && allowed ? Switch(facts, facts.BlueGreen!.ActiveService, facts.New!) : null;
    }

    /// <summary>With a small preview, the end of the pause first brings the preview to full size.</summary>
    public static Outcome? RecordCheckpoint(Facts facts)
    {
        var status = facts.Status;
        if (facts.BlueGreen!.PreviewReplicaCount is not { } count || status.BlueGreen?.ScaleUpPreviewCheckPoint == true || facts.IsAborted
            || IsHalted(facts) || IsFastTracked(facts) || facts.New!.Available != count || !IsPauseOver(facts) || !IsPreAnalysisDone(facts))
        {
            return null;
        }

        return new Advance(PauseRules.Without(status, PauseReason.BlueGreenPause) with
        {
            ControllerPause = null,
            BlueGreen = (status.BlueGreen ?? new BlueGreenStatus()) with { ScaleUpPreviewCheckPoint = true },
        });
    }

    public static Outcome? EnterPause(Facts facts) =>
        IsPauseNeeded(facts) && !facts.IsAborted && !IsHalted(facts) && IsReadyForPause(facts) && !IsFastTracked(facts)
            && facts.Status.BlueGreen?.ScaleUpPreviewCheckPoint != true && IsPreAnalysisDone(facts) && facts.Status.ControllerPause != true
            ? PauseRules.Pause(facts, PauseReason.BlueGreenPause)
            : null;

    /// <summary>Once the active Service has moved, the pause has had its time.</summary>
    public static Outcome? EndPause(Facts facts)
    {
        var over = IsFastTracked(facts) || !IsPauseNeeded(facts);
        if (facts.IsAborted || IsHalted(facts) || !over || (!facts.HasPause(PauseReason.BlueGreenPause) && !PauseRules.IsResumed(facts)))
        {
            return null;
        }

        return new Advance(PauseRules.Without(facts.Status, PauseReason.BlueGreenPause));
    }

    /// <summary>The reason why the new revision counts as good now, or nothing.</summary>
    public static string? PromotionReason(Facts facts)
    {
        var active = ActiveHash(facts);
        if (facts.IsInitialDeploy)
        {
            return "Initial deploy";
        }

        if (active != facts.Hash || facts.IsAborted)
        {
            return null;
        }

        return facts.PromotesFully ? "Full promotion requested"
            : facts.IsInRollbackWindow ? "Rollback within window"
            : facts.NewIsStable || IsRollbackWithinDelay(facts) ? "Fast rollback"
            : !IsPostAnalysisDone(facts) ? null
            : "Completed blue-green update";
    }

    public static Outcome? Promote(Facts facts) => PromotionReason(facts) is { } why ? PromotionRules.Promote(facts, why) : null;

    /// <summary>Whether a person, or an inconclusive analysis, holds the update.</summary>
    public static bool IsHalted(Facts facts) => facts.IsPausedBySpec || facts.IsHeldByAnalysis;

    /// <summary>Whether pauses and analysis are skipped, because the revision has served before or somebody wants it so.</summary>
    public static bool IsFastTracked(Facts facts) =>
        facts.NewIsStable || facts.IsInRollbackWindow || IsRollbackWithinDelay(facts) || facts.PromotesFully
        || facts.IsInitialDeploy || ActiveHash(facts) == facts.Hash;

    /// <summary>Whether the update goes back to a revision that still waits out its scale-down delay.</summary>
    public static bool IsRollbackWithinDelay(Facts facts) =>
        facts.BlueGreen is not null && facts.New is { } rs && facts.Stable is { } stable && rs != stable && rs.IsOlderThan(stable)
        && rs.ScaleDownDeadline > facts.Now && !facts.IsAborted;

    /// <summary>Whether a ReplicaSet has all the Rollout's pods, and all can serve.</summary>
    public static bool IsSaturated(Facts facts, ReplicaSetView rs) => rs.Observed && rs.Size == facts.Replicas && rs.Available == facts.Replicas;

    /// <summary>Whether the preview may be judged: with all its pods, or with as many as a preview is to have.</summary>
    public static bool IsReadyForPreAnalysis(Facts facts) =>
        IsSaturated(facts, facts.New!)
        || (facts.BlueGreen!.PreviewReplicaCount is { } count && facts.New is { Observed: true } rs && rs.Size == count && rs.Available == count);

    /// <summary>When the pause ends by itself; null if it does not.</summary>
    public static DateTimeOffset? PauseEnd(Facts facts)
    {
        var start = facts.Status.PauseConditions?.FirstOrDefault(p => p.Reason == PauseReason.BlueGreenPause)?.StartTime;
        return facts.BlueGreen?.AutoPromotionEnabled != false && facts.BlueGreen?.AutoPromotionSeconds is > 0 and var seconds
            ? start?.AddSeconds(seconds)
            : null;
    }

    public static bool IsPreAnalysisDone(Facts facts) => IsDone(facts, AnalysisRole.PrePromotion);

    public static bool IsPostAnalysisDone(Facts facts) => IsDone(facts, AnalysisRole.PostPromotion);

    private static bool IsDone(Facts facts, AnalysisRole role) =>
        !role.IsConfigured(facts) || role.Run(facts)?.Phase == AnalysisPhase.Successful;

    private static bool IsReadyForPause(Facts facts)
    {
        var target = BlueGreenScalingRules.NewTarget(facts);
        return facts.New!.Size == target && facts.New.Available == target;
    }

    private static bool IsPauseNeeded(Facts facts) =>
        facts.BlueGreen!.AutoPromotionEnabled == false || facts.BlueGreen.AutoPromotionSeconds is > 0;

    // Taking the pause condition away promotes at once, also where the pause would have ended by itself.
    private static bool IsPauseOver(Facts facts) =>
        !IsPauseNeeded(facts)
        || facts.Status.BlueGreen?.ScaleUpPreviewCheckPoint == true
        || (facts.HasPause(PauseReason.BlueGreenPause) ? PauseEnd(facts) <= facts.Now : facts.Status.ControllerPause == true);

    private static Act? Switch(Facts facts, string? name, ReplicaSetView target) =>
        facts.Service(name) is { } service && (service.Hash != target.Hash || service.ManagedBy is null)
            ? new Act(new SwitchServices([new ServiceSwitch(service.Name, target.Hash)]))
            : null;
}
