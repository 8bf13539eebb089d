using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Every revision has a ReplicaSet, a number and a workflow.</summary>
public static class RevisionRules
{
    private static readonly HashSet<string> NotCopied =
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        ArgoNames.Revision,
        ArgoNames.RevisionHistory,
        ArgoNames.DesiredReplicas,
        ArgoNames.NotificationState,
        ArgoNames.EphemeralMetadata,
        ArgoNames.ScaleDownDeadline,
        OwnNames.PodMetadata,
        OwnNames.Signal,
        OwnNames.WorkflowId,
    ];

    public static Outcome? CreateReplicaSet(Facts facts)
    {
        if (facts.New is not null)
        {
            return null;
        }

        var empty = new CreateReplicaSet($"{facts.Rollout.Name}-{facts.Hash}", facts.Hash, facts.Revision);
        return new Act(empty with { Replicas = FirstSize.Of(facts, empty) });
    }

    public static Outcome? UpdateReplicaSet(Facts facts)
    {
        var rs = facts.New!;
        var current = rs.Revision == facts.Revision
            && rs.MinReadySeconds == (facts.Spec.MinReadySeconds ?? 0)
            && !HasStaleAntiAffinity(facts, rs)
            && Copied(facts.Rollout.Annotations).All(a => rs.Annotations.GetValueOrDefault(a.Key) == a.Value);
        return current ? null : new Act(new UpdateReplicaSet(rs.Name, facts.Revision));
    }

    public static Outcome? PublishRevision(Facts facts)
    {
        var workflow = WorkflowIds.Rollout(facts.Rollout.Name, facts.Rollout.Uid, facts.Revision);
        var annotations = facts.Rollout.Annotations;
        var generation = facts.Seen.Workload?.Generation.ToString();
        var published = annotations.GetValueOrDefault(ArgoNames.Revision) == facts.Revision.ToString()
            && annotations.GetValueOrDefault(OwnNames.WorkflowId) == workflow
            && (generation is null || annotations.GetValueOrDefault(ArgoNames.WorkloadGeneration) == generation)
            && facts.Spec.Replicas is not null;
        return published ? null : new Act(new PublishRevision(facts.Revision, workflow, facts.Spec.Replicas is null, generation));
    }

    /// <summary>A new template, or other steps, start an update from its beginning.</summary>
    public static Outcome? Reset(Facts facts)
    {
        var status = facts.Status;
        if (!facts.IsUpdateUnrecorded && !(facts.IsCanary && facts.StepsChanged))
        {
            return null;
        }

        var fresh = status with
        {
            PauseConditions = null,
            ControllerPause = null,
            Abort = facts.IsFreshlyAborted || (status.Abort == true && IsMeantForNew(facts, SignalAction.Abort)) ? true : null, // it came with the update, so it is meant for it
            AbortedAt = null,
            PromoteFull = status.PromoteFull == true && IsMeantForNew(facts, SignalAction.PromoteFull) ? true : null,
            RestartedAt = facts.Spec.RestartAt,
            CurrentPodHash = facts.Hash,
            CurrentStepHash = facts.StepHash,
            CurrentStepIndex = facts.Steps.Count == 0 ? null : 0,
            BlueGreen = status.BlueGreen is null ? null : status.BlueGreen with
            {
                PrePromotionAnalysisRunStatus = null,
                PostPromotionAnalysisRunStatus = null,
                ScaleUpPreviewCheckPoint = null,
            },
            Canary = status.Canary is null ? null : status.Canary with
            {
                CurrentStepAnalysisRunStatus = null,
                CurrentBackgroundAnalysisRunStatus = null,
                StepPluginStatuses = null,
            },
        };
        var cleared = fresh.Condition(ConditionType.Progressing)?.Reason is Reason.RolloutAborted or Reason.ProgressDeadlineExceeded
            ? fresh.WithCondition(ConditionType.Progressing, "True", Reason.ReplicaSetUpdated, $"ReplicaSet \"{facts.New?.Name}\" is progressing.", facts.Now)
            : fresh;
        return SkippingSteps(facts) is { } why && facts.Steps.Count > 0
            ? new Advance(cleared with { CurrentStepIndex = facts.Steps.Count }, new Notice(Reason.SkipSteps, why))
            : new Advance(cleared);
    }

    /// <summary>The Rollout's annotations that its ReplicaSet gets, too.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Copied(IReadOnlyDictionary<string, string> annotations) =>
        annotations.Where(a => !NotCopied.Contains(a.Key));

    /// <summary>What keeps pods of the wanted revision off the nodes of another one; nothing on a first deployment, or where that is not asked for.</summary>
    public static AntiAffinity? AntiAffinityOf(Facts facts) =>
        facts.IsInitialDeploy || facts.StableHash == facts.Hash ? null : facts.Canary?.AntiAffinity ?? facts.BlueGreen?.AntiAffinity;

    // A rule that was put in stays after promotion, where it is against a revision that is gone: to take it out would be of no use to anybody.
    private static bool HasStaleAntiAffinity(Facts facts, ReplicaSetView rs) =>
        AntiAffinityOf(facts) is not null && AntiAffinityTerm.Against(rs.Template) is { } against && against != facts.StableHash;

    // What is in the status may be meant for the update before; a signal tells.
    private static bool IsMeantForNew(Facts facts, string action) =>
        facts.IsUpdateUnrecorded && SignalRecord.Of(facts.Rollout) is { } signal && signal.Action == action && signal.Hash == facts.Hash
        && !(signal.At < (facts.Status.AbortedAt ?? facts.Status.Duration?.RolloutStartedAt));

    private static string? SkippingSteps(Facts facts) =>
        facts.NewIsStable ? "Rollback to stable ReplicaSets"
        : facts.IsInRollbackWindow && facts.New!.Size > 0 ? "Rollback to active ReplicaSets within RollbackWindow"
        : null;
}
