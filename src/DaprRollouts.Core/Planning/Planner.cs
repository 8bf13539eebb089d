using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Planning;

/// <summary>What to do next, and what the status should say.</summary>
/// <param name="Move">The next move.</param>
/// <param name="Status">The status as it should be.</param>
/// <param name="Notices">What to tell the user once that status is published.</param>
/// <param name="Revision">The revision that the Rollout asks for.</param>
/// <param name="Problem">What somebody has to mend before the rollout can go on.</param>
public sealed record Decision(Move Move, RolloutStatus Status, IReadOnlyList<Notice> Notices, long Revision, Notice? Problem = null)
{
    /// <summary>Of a decision ahead that publishes a status: the move that follows.</summary>
    public Move? Then { get; init; }
}

/// <summary>
/// Decides about rollouts: from what was observed, the status included, to the next move. Pure, so that deciding twice is deciding once; a
/// strategy is an ordered list of rules, and the first that wants something gets it.
/// </summary>
public static class Planner
{
    private static readonly Rule[] Canary =
    [
        OwnershipRules.Adopt,
        OwnershipRules.Release,
        RevisionRules.CreateReplicaSet,
        RevisionRules.UpdateReplicaSet,
        RevisionRules.PublishRevision,
        RevisionRules.Reset,
        AbortRules.SkipAhead,
        AbortRules.DropMeaningless,
        AbortRules.Record,
        AbortRules.Retry,
        OwnershipRules.ReleaseServices,
        OwnershipRules.ReleaseRoutes,
        PodMetadataRules.Sync,
        RestartRules.Look,
        ServiceRules.Switch,
        AnalysisRules.ForgetUnwanted,
        AnalysisRules.Judge,
        AnalysisRules.Start,
        AnalysisRules.TerminateOthers,
        RoutedScalingRules.DropDeadlines,
        RoutedScalingRules.Grow,
        TrafficRules.SetWeight,
        TrafficRules.RecordWeights,
        RoutedScalingRules.Shrink,
        RoutedScalingRules.RetireAborted,
        RoutedScalingRules.RetireOthers,
        CanaryScalingRules.ScaleStable,
        CanaryScalingRules.ScaleNew,
        CanaryScalingRules.ScaleOthers,
        RestartRules.Restart,
        PauseRules.EnterStep,
        StepRules.Complete,
        PromotionRules.PromoteCanary,
        PauseRules.DropMark,
        WorkloadRules.ScaleDown,
        HistoryRules.CleanUp,
    ];

    private static readonly Rule[] BlueGreen =
    [
        OwnershipRules.Adopt,
        OwnershipRules.Release,
        RevisionRules.CreateReplicaSet,
        RevisionRules.UpdateReplicaSet,
        RevisionRules.PublishRevision,
        BlueGreenRules.SwitchPreview,
        BlueGreenRules.RestoreActive,
        RevisionRules.Reset,
        AbortRules.SkipAhead,
        AbortRules.DropMeaningless,
        AbortRules.Record,
        AbortRules.Retry,
        OwnershipRules.ReleaseServices,
        OwnershipRules.ReleaseRoutes,
        PodMetadataRules.Sync,
        RestartRules.Look,
        AnalysisRules.ForgetUnwanted,
        AnalysisRules.Judge,
        BlueGreenScalingRules.ScaleStable,
        BlueGreenScalingRules.ScaleNew,
        BlueGreenScalingRules.ScaleOthers,
        RestartRules.Restart,
        AnalysisRules.Start,
        AnalysisRules.TerminateOthers,
        BlueGreenRules.RecordCheckpoint,
        BlueGreenScalingRules.KeepOldStable,
        BlueGreenRules.Promote,
        BlueGreenRules.SwitchActive,
        BlueGreenRules.EndPause,
        BlueGreenRules.EnterPause,
        BlueGreenScalingRules.DropDeadlines,
        WorkloadRules.ScaleDown,
        HistoryRules.CleanUp,
    ];

    /// <summary>Decides.</summary>
    /// <param name="seen">What was observed.</param>
    /// <param name="now">The time of the decision.</param>
    public static Decision Decide(Observation seen, DateTimeOffset now)
    {
        var facts = new Facts(seen, now);
        if (SpecValidation.FirstError(seen) is { } error)
        {
            var invalid = StatusProjection.Invalid(facts, error);
            return new Decision(Publish(seen, invalid) ?? WaitReason.Of(facts, invalid), invalid, [], facts.Revision);
        }

        var outcome = FirstOutcome(facts);
        var (status, notices) = StatusProjection.Project(facts, outcome is Advance advance ? advance.Status : facts.Status);
        if (outcome is not Advance && AbortAtDeadline(facts, status) is { } abort)
        {
            outcome = abort;
            (status, notices) = StatusProjection.Project(facts, abort.Status);
        }

        if (outcome is not Act && Publish(seen, status) is not null)
        {
            status = WaitingCondition.Renew(facts, status);
        }

        Move move = outcome switch
        {
            Act act => new Perform(act.Effect),
            Advance => new Perform(new PublishStatus()),
            Blocked blocked => Publish(seen, status) ?? WaitReason.Of(facts, status) with { For = $"blocked: {blocked.Problem.Message}" },
            _ => Publish(seen, status) ?? WaitReason.Of(facts, status),
        };
        IReadOnlyList<Notice> told = [.. notices, .. (outcome as Advance)?.Notices ?? [], .. PauseRules.Changes(facts.Status, status)];
        return new Decision(move, status, told, facts.Revision, (outcome as Blocked)?.Problem);
    }

    /// <summary>
    /// Decides as far ahead as statuses follow from each other with nothing done in between, so that these are one write: the status that is decided on is the last of
    /// them, with everything that is to be told.
    /// </summary>
    /// <param name="seen">What was observed.</param>
    /// <param name="now">The time of the decision.</param>
    public static Decision DecideAhead(Observation seen, DateTimeOffset now)
    {
        const int Farthest = 50;
        var decision = Decide(seen, now);
        for (var i = 0; i < Farthest && decision.Move is Perform { Effect: PublishStatus }; i++)
        {
            var next = Decide(seen with { Rollout = seen.Rollout with { Status = decision.Status } }, now);
            if (next.Move is not Perform { Effect: PublishStatus })
            {
                return decision with { Then = next.Move };
            }

            decision = next with { Notices = [.. decision.Notices, .. next.Notices] };
        }

        return decision;
    }

    private static Outcome? FirstOutcome(Facts facts)
    {
        foreach (var rule in facts.IsCanary ? Canary : BlueGreen)
        {
            if (rule(facts) is { } outcome)
            {
                return outcome is Act { Effect: var effect } && SafetyKernel.Refusal(facts, effect) is { } refusal
                    ? new Blocked(new Notice(Reason.UnsafeChange, $"{effect.Kind} is refused: {refusal}", IsWarning: true))
                    : outcome;
            }
        }

        return null;
    }

    private static Move? Publish(Observation seen, RolloutStatus status) =>
        StatusDifference.Between(seen.Rollout.Status, status) is null ? null : new Perform(new PublishStatus());

    private static Advance? AbortAtDeadline(Facts facts, RolloutStatus status) =>
        facts.Spec.ProgressDeadlineAbort == true && !facts.IsAborted && !facts.IsFullyPromoted && !facts.IsInitialDeploy
        && status.Condition(ConditionType.Progressing) is { Reason: Reason.ProgressDeadlineExceeded } stuck
            ? AbortRules.Abort(facts, stuck.Message)
            : null;
}
