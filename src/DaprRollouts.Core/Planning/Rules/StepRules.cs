using DaprRollouts.Core.Model;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>The steps of a canary, one at a time.</summary>
public static class StepRules
{
    /// <summary>The current step is done: on to the next.</summary>
    public static Outcome? Complete(Facts facts)
    {
        if (facts.IsPausedBySpec || facts.IsAborted || facts.IsFullyPromoted || facts.PromotesFully || facts.Step is not { } step || !IsDone(facts, step))
        {
            return null;
        }

        if (facts.IsHeldByAnalysis)
        {
            return TimeIsUp(facts, step);
        }

        var index = facts.StepIndex!.Value;
        var status = PauseRules.Without(facts.Status, PauseReason.CanaryPauseStep);
        return new Advance(
            status with
            {
                CurrentStepIndex = index + 1,
                Canary = status.Canary is null ? null : status.Canary with { CurrentStepAnalysisRunStatus = null },
            },
            new Notice(Reason.RolloutStepCompleted, $"Rollout step {index + 1}/{facts.Steps.Count} completed ({StepText.Of(step)})"));
    }

    // A pause has had its time, but the step is not over.
    private static Advance? TimeIsUp(Facts facts, CanaryStep step) =>
        step.Pause is not null ? new Advance(PauseRules.Without(facts.Status, PauseReason.CanaryPauseStep)) : null;

    private static bool IsDone(Facts facts, CanaryStep step) => step switch
    {
        { Pause: { } pause } => PauseIsOver(facts, pause),
        { SetCanaryScale: not null } => RoutedScalingRules.IsAtDesiredCounts(facts),
        { SetWeight: not null } => facts.IsRouted
            ? RoutedScalingRules.IsAtDesiredCounts(facts) && TrafficRules.IsWeightInForce(facts)
            : CanaryScalingRules.IsAtDesiredCounts(facts),
        { SetHeaderRoute: not null } or { SetMirrorRoute: not null } => true,
        { Analysis: not null } => AnalysisRole.Step.Run(facts)?.Phase == AnalysisPhase.Successful,
        _ => false,
    };

    private static bool PauseIsOver(Facts facts, PauseStep pause) =>
        facts.HasPause(PauseReason.CanaryPauseStep)
            ? PauseDuration.End(pause, facts.Status) is { } end && facts.Now >= end
            : PauseRules.IsResumed(facts);
}
