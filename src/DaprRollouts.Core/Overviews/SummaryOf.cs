using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Core.Overviews;

/// <summary>Puts a rollout in one line.</summary>
public static class SummaryOf
{
    private const string NotSeenYet = "waiting for rollout spec update to be observed";

    /// <summary>The summary of what was observed.</summary>
    public static RolloutSummary Rollout(Observation seen, DateTimeOffset now)
    {
        var facts = new Facts(seen, now);
        var status = facts.Status;
        var (phase, message) = PhaseAsShown(seen.Rollout, seen.Workload?.Generation);
        var wait = WaitReason.Of(facts, status);
        var steps = facts.Steps.Count;
        return new RolloutSummary
        {
            Namespace = seen.Rollout.Namespace,
            Name = seen.Rollout.Name,
            Strategy = facts.IsCanary ? "Canary" : facts.BlueGreen is not null ? "BlueGreen" : null,
            Phase = phase,
            Message = message,
            WaitingFor = message == NotSeenYet ? NotSeenYet : wait.For,
            WaitingUntil = wait.Until,
            StepIndex = steps == 0 ? null : Math.Min(status.CurrentStepIndex ?? 0, steps),
            StepCount = steps == 0 ? null : steps,
            Step = facts.Step is { } step ? StepText.Of(step) : null,
            SetWeight = facts.IsCanary ? CanaryScalingRules.DesiredWeight(facts) : null,
            ActualWeight = facts.IsCanary ? ActualWeight(facts) : null,
            Ready = status.ReadyReplicas ?? 0,
            Desired = facts.Replicas,
            Updated = status.UpdatedReplicas ?? 0,
            Available = status.AvailableReplicas ?? 0,
            Revision = facts.Revision,
            Workflow = seen.Rollout.Annotations.GetValueOrDefault(OwnNames.WorkflowId)
                ?? WorkflowIds.Rollout(seen.Rollout.Name, seen.Rollout.Uid, facts.Revision),
        };
    }

    /// <summary>
    /// The phase as Argo's clients show it: whatever the status says, a rollout whose newest manifest, resumption or retry nobody has acted on yet is progressing.
    /// </summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="workloadGeneration">The generation of the workload that lends its template, if one does.</param>
    public static (string Phase, string? Message) PhaseAsShown(RolloutView rollout, long? workloadGeneration = null)
    {
        var status = rollout.Status;
        if (status.ObservedGeneration is null
            || (long.TryParse(status.ObservedGeneration, out var observed) && observed < rollout.Generation))
        {
            return (RolloutPhase.Progressing, NotSeenYet);
        }

        var isValid = status.Condition(ConditionType.InvalidSpec) is null; // a template that cannot be run is never recorded as seen
        return isValid && workloadGeneration is { } generation && long.TryParse(status.WorkloadObservedGeneration, out var workload) && workload < generation
                ? (RolloutPhase.Progressing, $"{NotSeenYet} for the reference workload")
            : status is { ControllerPause: true, PauseConditions: null or { Count: 0 } }
                ? (RolloutPhase.Progressing, "waiting for rollout to unpause")
            : status is { Phase: RolloutPhase.Degraded, AbortedAt: not null } and ({ Abort: not true } or { PromoteFull: true })
                ? (RolloutPhase.Progressing, "waiting for rollout to go on")
            : (string.IsNullOrEmpty(status.Phase) ? RolloutPhase.Progressing : status.Phase, status.Message);
    }

    private static int ActualWeight(Facts facts)
    {
        if (facts.Status.Canary?.Weights is { } routed)
        {
            return routed.Canary.Weight;
        }

        if (facts.IsFullyPromoted || facts.IsInitialDeploy)
        {
            return facts.MaxWeight;
        }

        var all = facts.Seen.ReplicaSets.Sum(r => r.Available);
        return all == 0 ? 0 : (facts.New?.Available ?? 0) * facts.MaxWeight / all;
    }
}
