using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Core.Planning;

/// <summary>The phase of a Rollout and the message to it, in the words of Argo Rollouts.</summary>
public static class PhaseOf
{
    /// <summary>The first that applies.</summary>
    public static (string Phase, string Message) Status(Facts facts, RolloutStatus status)
    {
        foreach (var condition in status.Conditions ?? [])
        {
            if (condition.Type == ConditionType.InvalidSpec)
            {
                return (RolloutPhase.Degraded, $"{ConditionType.InvalidSpec}: {condition.Message}");
            }

            if (condition.Reason is Reason.RolloutAborted or Reason.ProgressDeadlineExceeded)
            {
                return (RolloutPhase.Degraded, $"{condition.Reason}: {condition.Message}");
            }
        }

        if (facts.IsPausedBySpec)
        {
            return (RolloutPhase.Paused, "manually paused");
        }

        if (status.PauseConditions is [var pause, ..])
        {
            return (RolloutPhase.Paused, pause.Reason);
        }

        return Unfinished(facts, status) is { } message ? (RolloutPhase.Progressing, message) : (RolloutPhase.Healthy, "");
    }

    private static string? Unfinished(Facts facts, RolloutStatus status)
    {
        var updated = status.UpdatedReplicas ?? 0;
        var promoted = !string.IsNullOrEmpty(status.StableRs) && status.StableRs == status.CurrentPodHash;
        return RestartRules.IsAskedFor(facts, status) ? "rollout is restarting"
            : updated < facts.Replicas ? "more replicas need to be updated"
            : (status.AvailableReplicas ?? 0) < updated || (promoted && !NewCanServe(facts)) ? "updated replicas are still becoming available"
            : facts.BlueGreen is not null ? UnfinishedBlueGreen(facts, status, promoted)
            : !facts.IsRouted && (status.Replicas ?? 0) > updated ? "old replicas are pending termination"
            : promoted ? null : "waiting for all steps to complete";
    }

    // Pods of other revisions, still there for one reason or another, stand for none of the new one.
    private static bool NewCanServe(Facts facts) => (facts.New?.Available ?? 0) >= facts.Replicas;

    private static string? UnfinishedBlueGreen(Facts facts, RolloutStatus status, bool promoted)
    {
        if (string.IsNullOrEmpty(status.BlueGreen?.ActiveSelector) || status.BlueGreen.ActiveSelector != status.CurrentPodHash)
        {
            return "active service cutover pending";
        }

        if (promoted)
        {
            return null;
        }

        return AnalysisRole.PostPromotion.IsConfigured(facts) && AnalysisRole.PostPromotion.Run(facts)?.IsCompleted != true
            ? "waiting for analysis to complete"
            : "waiting for post-promotion verification to complete";
    }
}
