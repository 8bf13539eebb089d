using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>
/// The condition <c>Waiting</c>: what a rollout waits for, until when and who can move it, in one line, for whoever looks at the object only. It is renewed with
/// statuses that are written anyway and never causes a write of its own; what moves a rollout changes its status, too. An aborted rollout has none, as the phase says
/// it all.
/// </summary>
public static class WaitingCondition
{
    /// <summary>The status with the condition as it is now.</summary>
    public static RolloutStatus Renew(Facts facts, RolloutStatus status)
    {
        var (kind, text) = WaitReason.Describe(facts, status);
        if (kind == WaitKind.RetryAfterAbort)
        {
            return status.WithoutCondition(ConditionType.Waiting);
        }

        var known = status.Condition(ConditionType.Waiting);
        return known?.Reason == kind && known.Message == text
            ? status
            : status.WithCondition(ConditionType.Waiting, kind == WaitKind.NewRevision ? "False" : "True", kind, text, facts.Now, refresh: true);
    }
}
