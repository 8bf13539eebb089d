using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>When the new revision becomes the stable one.</summary>
public static class PromotionRules
{
    public static Outcome? PromoteCanary(Facts facts) => CanaryReason(facts) is { } why ? Promote(facts, why) : null;

    /// <summary>Records the new revision as stable; nothing if that is recorded already.</summary>
    public static Outcome? Promote(Facts facts, string why)
    {
        var status = facts.Status;
        if (status.StableRs == facts.Hash && status.PauseConditions is null && status.ControllerPause is null && status.Abort is null
            && status.PromoteFull is null && status.CurrentStepIndex == facts.LastIndex && status.BlueGreen?.ScaleUpPreviewCheckPoint is null
            && status.CurrentPodHash == facts.Hash)
        {
            return null;
        }

        return new Advance(
            status with
            {
                StableRs = facts.Hash,
                CurrentPodHash = facts.Hash,
                CurrentStepIndex = facts.LastIndex,
                PauseConditions = null,
                ControllerPause = null,
                Abort = null,
                AbortedAt = null,
                PromoteFull = null,
                Canary = IsTurnOver(facts) ? (status.Canary ?? new CanaryStatus()) with { StablePingPong = PingPongTurn.After(status.Canary?.StablePingPong) } : status.Canary,
                BlueGreen = status.BlueGreen is null ? null : status.BlueGreen with { ScaleUpPreviewCheckPoint = null },
            },
            status.StableRs == facts.Hash ? [] : [new Notice(Reason.RolloutCompleted, $"Rollout completed update to revision {facts.Revision} ({facts.Hash}): {why}")]);
    }

    private static bool IsTurnOver(Facts facts) => facts.Canary?.PingPong is not null && facts.Status.StableRs != facts.Hash;

    private static string? CanaryReason(Facts facts)
    {
        if (facts.IsInitialDeploy)
        {
            return "Initial deploy";
        }

        var rs = facts.New!;
        if (facts.IsAborted || !rs.Observed || (rs.Available < facts.Replicas && !ProgressThresholdMet(facts, rs)) || OldPodsAreGoing(facts))
        {
            return null;
        }

        return facts.PromotesFully ? "Full promotion requested"
            : facts.IsInRollbackWindow ? "Rollback within window"
            : facts.NewIsStable ? "Fast rollback"
            : facts.StepIndex is null && !facts.IsHeldByAnalysis ? $"Completed all {facts.Steps.Count} canary steps"
            : null;
    }

    // With them, the update is over and the rollout healthy at once.
    private static bool OldPodsAreGoing(Facts facts) => !facts.IsRouted && facts.Stable is { Size: 0, Pods: > 0 };

    private static bool ProgressThresholdMet(Facts facts, ReplicaSetView rs) =>
        facts.Canary!.ReplicaProgressThreshold is { } threshold && ProgressThreshold.IsMet(threshold, rs.Counts, facts.Replicas);
}
