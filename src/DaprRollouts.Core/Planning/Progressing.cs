using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>The Progressing condition: does the rollout get on, is it held, or is it stuck?</summary>
public static class Progressing
{
    private const int DefaultDeadlineSeconds = 600;

    /// <summary>Sets the condition; the first that applies: aborted, held, healthy, getting on, stuck.</summary>
    public static RolloutStatus Project(Facts facts, RolloutStatus status)
    {
        var rs = facts.New?.Name ?? "";
        var old = status.Condition(ConditionType.Progressing);
        if (status.Abort == true && old?.Reason == Reason.RolloutAborted)
        {
            return status;
        }

        var promoted = status.StableRs == status.CurrentPodHash;
        if (StatusProjection.IsPaused(facts, status) && !promoted)
        {
            return Set(facts, status, "Unknown", Reason.RolloutPaused, "Rollout is paused");
        }

        if (old?.Reason == Reason.RolloutPaused && !promoted)
        {
            return Set(facts, status, "Unknown", Reason.RolloutResumed, "Rollout is resumed");
        }

        if (StatusProjection.IsHealthy(facts, status))
        {
            return Set(facts, status, "True", Reason.NewReplicaSetAvailable, $"ReplicaSet \"{rs}\" has successfully progressed.");
        }

        var lostHealth = facts.Status.Condition(ConditionType.Healthy)?.Status == "True";
        if (promoted && lostHealth && old?.Reason == Reason.NewReplicaSetAvailable)
        {
            return Set(facts, status, "True", Reason.ReplicaSetNotAvailable, "Rollout does not have minimum availability");
        }

        if (facts.New is null)
        {
            return status;
        }

        if (old is null || HasProgressed(facts.Status, status, lostHealth))
        {
            var (reason, message) = old is null && facts.New.Created < facts.Rollout.Created
                ? (Reason.FoundNewReplicaSet, $"Found new replica set \"{rs}\"")
                : old is null ? (Reason.NewReplicaSetCreated, $"Created new replica set \"{rs}\"")
                : (Reason.ReplicaSetUpdated, $"ReplicaSet \"{rs}\" is progressing.");
            return status.WithCondition(ConditionType.Progressing, "True", reason, message, facts.Now, refresh: true);
        }

        return Deadline(facts, status) <= facts.Now
            ? Set(facts, status, "False", Reason.ProgressDeadlineExceeded, $"ReplicaSet \"{rs}\" has timed out progressing.")
            : status;
    }

    /// <summary>When the rollout counts as stuck; null if it waits for something other than pods.</summary>
    public static DateTimeOffset? Deadline(Facts facts, RolloutStatus status)
    {
        var condition = status.Condition(ConditionType.Progressing);
        var waitsForOthers = facts.Step is { Pause: not null } or { Analysis: not null } or { Experiment: not null };
        var isServed = status.StableRs == status.CurrentPodHash && facts.New?.Available >= facts.Replicas; // old pods may take their time to go
        return waitsForOthers || isServed || StatusProjection.IsPaused(facts, status) || StatusProjection.IsHealthy(facts, status)
            || condition?.LastUpdateTime is not { } since
            || condition.Reason is Reason.RolloutAborted or Reason.RolloutPaused or Reason.ProgressDeadlineExceeded
            ? null
            : since.AddSeconds(facts.Spec.ProgressDeadlineSeconds ?? DefaultDeadlineSeconds);
    }

    private static RolloutStatus Set(Facts facts, RolloutStatus status, string value, string reason, string message) =>
        status.WithCondition(ConditionType.Progressing, value, reason, message, facts.Now);

    private static bool HasProgressed(RolloutStatus before, RolloutStatus after, bool lostHealth) =>
        (before.UpdatedReplicas ?? 0) != (after.UpdatedReplicas ?? 0)
        || (before.Replicas ?? 0) - (before.UpdatedReplicas ?? 0) > (after.Replicas ?? 0) - (after.UpdatedReplicas ?? 0)
        || (before.ReadyReplicas ?? 0) < (after.ReadyReplicas ?? 0)
        || (before.AvailableReplicas ?? 0) < (after.AvailableReplicas ?? 0)
        || before.BlueGreen?.ActiveSelector != after.BlueGreen?.ActiveSelector
        || before.BlueGreen?.PreviewSelector != after.BlueGreen?.PreviewSelector
        || (before.StableRs ?? "") != (after.StableRs ?? "")
        || before.CurrentStepIndex != after.CurrentStepIndex
        || (before.CurrentStepHash ?? "") != (after.CurrentStepHash ?? "")
        || (before.CurrentPodHash ?? "") != (after.CurrentPodHash ?? "")
        || (lostHealth && after.Condition(ConditionType.Healthy)?.Status == "False");
}
