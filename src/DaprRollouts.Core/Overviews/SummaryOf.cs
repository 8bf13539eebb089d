using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Core.Overviews;

/// <summary>Puts a rollout in one line.</summary>
public static class SummaryOf
{
    private const int AllTraffic = 100;

    private const string NotSeenYet = "waiting for rollout spec update to be observed";

    /// <summary>The summary of what was observed.</summary>
    public static RolloutSummary Rollout(Observation seen, DateTimeOffset now)
    {
        var facts = new Facts(seen, now);
        var status = facts.Status;
        var (phase, message) = PhaseAsShown(seen.Rollout);
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
    /// The phase as Argo's clients show it: whatever the status says, a rollout whose newest manifest or resumption nobody has acted on yet is progressing.
    /// </summary>
    public static (string Phase, string? Message) PhaseAsShown(RolloutView rollout)
    {
        var status = rollout.Status;
        if (status.ObservedGeneration is null
            || (long.TryParse(status.ObservedGeneration, out var observed) && observed < rollout.Generation))
        {
            return (RolloutPhase.Progressing, NotSeenYet);
        }

        return status.ControllerPause == true && status.PauseConditions is null or { Count: 0 }
            ? (RolloutPhase.Progressing, "waiting for rollout to unpause")
            : (status.Phase ?? RolloutPhase.Progressing, status.Message);
    }

    private static int ActualWeight(Facts facts)
    {
        if (facts.Status.Canary?.Weights is { } routed)
        {
            return routed.Canary.Weight;
        }

        if (facts.IsFullyPromoted || facts.IsInitialDeploy)
        {
            return AllTraffic;
        }

        var all = facts.Seen.ReplicaSets.Sum(r => r.Available);
        return all == 0 ? 0 : (facts.New?.Available ?? 0) * AllTraffic / all;
    }
}
