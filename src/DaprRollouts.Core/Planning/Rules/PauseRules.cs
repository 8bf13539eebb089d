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

    /// <summary>Pauses for a reason; a pause for the same reason stays as it is.</summary>
    public static Advance? Pause(Facts facts, string reason) =>
        facts.HasPause(reason)
            ? null
            : new Advance(facts.Status with
            {
                ControllerPause = true,
                PauseConditions = [.. facts.Status.PauseConditions ?? [], new PauseCondition { Reason = reason, StartTime = facts.Now }],
            });

    /// <summary>The status without the pause for a reason; with the last one, the controller's mark goes, too.</summary>
    public static RolloutStatus Without(RolloutStatus status, string reason)
    {
        var left = status.PauseConditions?.Where(p => p.Reason != reason).ToList();
        var none = left is null or { Count: 0 };
        return status with { PauseConditions = none ? null : left, ControllerPause = none ? null : status.ControllerPause };
    }

    /// <summary>What to tell of a status that pauses the rollout, or ends all of its pauses. An abort ends them, too, and is told of instead.</summary>
    public static IEnumerable<Notice> Changes(RolloutStatus before, RolloutStatus after) => (before.PauseConditions, after.PauseConditions) switch
    {
        (null or [], [var first, ..]) => [new Notice(Reason.RolloutPaused, $"Rollout is paused ({first.Reason})")],
        ([_, ..], null or []) when after.Abort is not true => [new Notice(Reason.RolloutResumed, "Rollout is resumed")],
        _ => [],
    };

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
