using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Core.Planning;

/// <summary>What the status says about the pods, and the conditions and phase that follow: the only writer of each of these fields.</summary>
public static class StatusProjection
{
    /// <summary>Brings counts, conditions and phase up to date.</summary>
    /// <param name="facts">The situation, with the stored status.</param>
    /// <param name="progress">The stored status, with what was decided now.</param>
    public static (RolloutStatus Status, IReadOnlyList<Notice> Notices) Project(Facts facts, RolloutStatus progress)
    {
        var status = AnalysisRules.Refresh(facts, Counts(facts, progress).WithoutCondition(ConditionType.InvalidSpec));
        List<Notice> notices = [.. AnalysisRules.Changes(facts, status)];
        status = Paused(facts, status);
        status = Completed(facts, status, notices);
        if (facts is { IsNewJustMade: true, New: { Size: > 0 } made } && status.CurrentPodHash == made.Hash)
        {
            notices.Add(new Notice(Reason.ScalingReplicaSet, $"Scaled up ReplicaSet {made.Name} (revision {made.Revision}) from 0 to {made.Size}"));
        }

        status = Availability(facts, status);
        status = Health(facts, status);
        status = Progressing.Project(facts, status);
        status = ReplicaFailure(facts, status);
        var (phase, message) = PhaseOf.Status(facts, status);
        return (DurationTracker.Track(facts, status with { Phase = phase, Message = message.Length == 0 ? null : message }), notices);
    }

    /// <summary>The status of a Rollout that cannot be run: only the reason is added, nothing else is touched.</summary>
    public static RolloutStatus Invalid(Facts facts, string error)
    {
        var message = $"The Rollout \"{facts.Rollout.Name}\" is invalid: {error}";
        var status = facts.Status with { ObservedGeneration = facts.Rollout.Generation.ToString() };
        var changed = status.Condition(ConditionType.InvalidSpec)?.Message != message;
        return status.WithCondition(ConditionType.InvalidSpec, "True", Reason.InvalidSpec, message, facts.Now, refresh: changed) with
        {
            Phase = RolloutPhase.Degraded,
            Message = $"{Reason.InvalidSpec}: {message}",
        };
    }

    /// <summary>The status of a Rollout whose new ReplicaSet was refused; the stored one, if it tells of that already.</summary>
    public static RolloutStatus Refused(Facts facts, string message)
    {
        var status = facts.Status.WithCondition(ConditionType.Progressing, "False", Reason.ReplicaSetCreateError, message, facts.Now);
        return ReferenceEquals(status, facts.Status) ? status : Project(facts, status).Status;
    }

    /// <summary>Whether a rollout is done and all its pods serve.</summary>
    public static bool IsHealthy(Facts facts, RolloutStatus status)
    {
        var all = (status.UpdatedReplicas ?? 0) == facts.Replicas && (status.AvailableReplicas ?? 0) == facts.Replicas;
        if (facts.BlueGreen is { } blueGreen)
        {
            return all && status.BlueGreen?.ActiveSelector == status.CurrentPodHash
                && (string.IsNullOrEmpty(blueGreen.PreviewService) || status.BlueGreen?.PreviewSelector == status.CurrentPodHash);
        }

        return all && (facts.Steps.Count == 0 || status.CurrentStepIndex == facts.Steps.Count)
            && !string.IsNullOrEmpty(status.StableRs) && status.StableRs == status.CurrentPodHash && (status.Replicas ?? 0) == facts.Replicas;
    }

    /// <summary>Whether somebody, or the controller, holds the rollout.</summary>
    public static bool IsPaused(Facts facts, RolloutStatus status) => facts.IsPausedBySpec || status.PauseConditions is { Count: > 0 };

    private static RolloutStatus Counts(Facts facts, RolloutStatus progress)
    {
        var all = facts.Seen.ReplicaSets;
        var active = facts.BlueGreen is null ? null : all.FirstOrDefault(r => r.Hash == BlueGreenRules.ActiveHash(facts));
        return progress with
        {
            ObservedGeneration = facts.Rollout.Generation.ToString(),
            WorkloadObservedGeneration = facts.Seen.Workload?.Generation.ToString(),
            CurrentPodHash = string.IsNullOrEmpty(progress.CurrentPodHash) ? facts.New?.Hash : progress.CurrentPodHash,
            CurrentStepHash = facts.IsCanary ? (facts.StepsChanged ? progress.CurrentStepHash : facts.StepHash) : null,
            CurrentStepIndex = facts.Steps.Count == 0 ? null : progress.CurrentStepIndex,
            Replicas = NullIfZero(all.Sum(r => r.Pods)),
            UpdatedReplicas = NullIfZero(facts.New?.Pods ?? 0),
            ReadyReplicas = NullIfZero(active?.Ready ?? all.Sum(r => r.Ready)),
            AvailableReplicas = NullIfZero(active?.Available ?? all.Sum(r => r.Available)),
            HpaReplicas = NullIfZero(active?.Pods ?? all.Sum(r => r.Pods)),
            Selector = Selectors.Format(facts.Spec.Selector, active?.Hash),
            Canary = facts.IsCanary ? progress.Canary ?? new CanaryStatus() : null, // Argo CD looks into it without asking whether it is there
            BlueGreen = facts.BlueGreen is null ? null : (progress.BlueGreen ?? new BlueGreenStatus()) with
            {
                ActiveSelector = NullIfEmpty(BlueGreenRules.ActiveHash(facts)),
                PreviewSelector = NullIfEmpty(facts.Service(facts.BlueGreen.PreviewService)?.Hash),
            },
        };
    }

    private static RolloutStatus Paused(Facts facts, RolloutStatus status)
    {
        var paused = IsPaused(facts, status);
        var frozen = status.Condition(ConditionType.Progressing)?.Reason == Reason.RolloutAborted;
        return frozen || (!paused && status.Condition(ConditionType.Paused) is null)
            ? status
            : status.WithCondition(ConditionType.Paused, paused ? "True" : "False", Reason.RolloutPaused, "Rollout is paused", facts.Now);
    }

    private static RolloutStatus Completed(Facts facts, RolloutStatus status, List<Notice> notices)
    {
        var completed = !string.IsNullOrEmpty(status.StableRs) && status.StableRs == status.CurrentPodHash;
        if (!completed && facts.New is not null && status.Condition(ConditionType.Completed)?.Status != "False")
        {
            notices.Add(new Notice(
                Reason.RolloutNotCompleted, $"Rollout not completed, started update to revision {facts.Revision} ({facts.Hash})"));
        }

        return status.WithCondition(
            ConditionType.Completed, completed ? "True" : "False", Reason.RolloutCompleted, Reason.RolloutCompleted, facts.Now);
    }

    private static RolloutStatus Availability(Facts facts, RolloutStatus status)
    {
        var active = facts.Seen.ReplicaSets.FirstOrDefault(r => r.Hash == BlueGreenRules.ActiveHash(facts));
        var available = facts.BlueGreen is null
            ? facts.Seen.ReplicaSets.Sum(r => r.Available) >= facts.Replicas
            : active is not null && BlueGreenRules.IsSaturated(facts, active);
        return status.WithCondition(
            ConditionType.Available,
            available ? "True" : "False",
            Reason.Available,
            available ? "Rollout has minimum availability" : "Rollout does not have minimum availability",
            facts.Now,
            refresh: false);
    }

    private static RolloutStatus Health(Facts facts, RolloutStatus status)
    {
        var healthy = IsHealthy(facts, status) && !IsPaused(facts, status);
        return !healthy && status.Condition(ConditionType.Healthy) is null
            ? status
            : status.WithCondition(
                ConditionType.Healthy,
                healthy ? "True" : "False",
                Reason.RolloutHealthy,
                healthy ? "Rollout is healthy" : "Rollout is not healthy",
                facts.Now);
    }

    private static RolloutStatus ReplicaFailure(Facts facts, RolloutStatus status)
    {
        var failure = facts.New?.Failure ?? facts.Seen.ReplicaSets.Select(r => r.Failure).FirstOrDefault(f => f is not null);
        return failure is null
            ? status.WithoutCondition(ConditionType.ReplicaFailure)
            : status.WithCondition(ConditionType.ReplicaFailure, failure.Status, failure.Reason, failure.Message, facts.Now);
    }

    private static int? NullIfZero(int count) => count == 0 ? null : count;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
