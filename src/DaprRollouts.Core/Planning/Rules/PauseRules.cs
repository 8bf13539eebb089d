using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>
/// Pauses by the controller are a handshake: it adds a pause condition and sets controllerPause; whoever resumes takes the condition away, and
/// "controllerPause without a condition" then means "resumed".
/// </summary>
public static class PauseRules
{
    /// <summary>Whether a user has ended the pause.</summary>
    public static bool IsResumed(Facts facts) => facts.Status.ControllerPause == true && !facts.HasAnyPause;

    /// <summary>Pauses for a reason; a pause for the same reason stays as it is, and one for another is no news.</summary>
    public static Advance? Pause(Facts facts, string reason)
    {
        if (facts.HasPause(reason))
        {
            return null;
        }

        IReadOnlyList<PauseCondition> before = facts.Status.PauseConditions ?? [];
        return new Advance(
            facts.Status with
            {
                ControllerPause = true,
                PauseConditions = [.. before, new PauseCondition { Reason = reason, StartTime = facts.Now }],
            },
            before.Count > 0 ? [] : [new Notice(Reason.RolloutPaused, $"Rollout is paused ({reason})")]);
    }

    /// <summary>The status without the pause for a reason; with the last one, the controller's mark goes, too.</summary>
    public static (RolloutStatus Status, Notice? Resumed) Without(RolloutStatus status, string reason)
    {
        var had = status.PauseConditions is { Count: > 0 };
        var left = status.PauseConditions?.Where(p => p.Reason != reason).ToList();
        var none = left is null or { Count: 0 };
        return (
            status with { PauseConditions = none ? null : left, ControllerPause = none ? null : status.ControllerPause },
            had && none ? new Notice(Reason.RolloutResumed, "Rollout is resumed") : null);
    }

    /// <summary>A pause step starts once the pods are as the steps before it want them.</summary>
    public static Outcome? EnterStep(Facts facts) =>
        facts.Step?.Pause is not null && !facts.IsPausedBySpec && !facts.IsAborted && facts.Status.ControllerPause is not true
            && !facts.HasPause(PauseReason.CanaryPauseStep)
            ? Pause(facts, PauseReason.CanaryPauseStep)
            : null;

    /// <summary>
    /// The controller's mark goes when the resumption has had its effect. It has none yet while the spec pauses the rollout: who promotes such a rollout ends both
    /// pauses, in two writes.
    /// </summary>
    public static Outcome? DropMark(Facts facts) =>
        IsResumed(facts) && !facts.IsPausedBySpec ? new Advance(facts.Status with { ControllerPause = null }) : null;
}
