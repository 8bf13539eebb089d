using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Sizes of a blue-green rollout's ReplicaSets, and how long old ones stay.</summary>
public static class BlueGreenScalingRules
{
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(30);

    public static Outcome? ScaleStable(Facts facts) =>
        facts.Stable is { } stable && stable != facts.New ? Scale(facts, stable, facts.Replicas) : null;

    public static Outcome? ScaleNew(Facts facts)
    {
        var rs = facts.New!;
        if (!facts.IsAborted || facts.Stable is null)
        {
            return Scale(facts, rs, NewTarget(facts));
        }

        if (rs.Size == 0 || rs.Hash == BlueGreenRules.ActiveHash(facts))
        {
            return null; // nothing to take down, or users still reach it
        }

        if (AbortDelay(facts) is not { } delay)
        {
            return Scale(facts, rs, NewTarget(facts)); // what is kept follows the Rollout
        }

        if (rs.ScaleDownDeadline is { } deadline)
        {
            return deadline <= facts.Now ? Scale(facts, rs, 0) : null;
        }

        return facts.Stable.Available >= facts.Replicas
            ? new Act(new SetScaleDownDeadlines([new ScaleDownDeadline(rs.Name, facts.Now + delay)]))
            : null;
    }

    /// <summary>
    /// What was active stays until its delay is over, so that going back is instant; every other old revision goes at once. Nothing goes that
    /// a Service still selects.
    /// </summary>
    public static Outcome? ScaleOthers(Facts facts)
    {
        if (facts.HasPause(PauseReason.InconclusiveAnalysisRun) || AwaitsPostAnalysis(facts))
        {
            return null;
        }

        var limit = facts.BlueGreen!.ScaleDownDelayRevisionLimit ?? int.MaxValue;
        var kept = 0;
        List<Scale> targets = [];
        foreach (var rs in facts.Others.Where(r => r.Size > 0 && !IsReferenced(facts, r)).OrderByDescending(r => r.Revision))
        {
            var stays = rs.ScaleDownDeadline > facts.Now && ++kept <= limit;
            var size = stays ? facts.Replicas : 0;
            size += RestartRules.Extra(facts, rs, size);
            if (size != rs.Size)
            {
                targets.Add(new Scale(rs.Name, size));
            }
        }

        return targets.Count == 0 ? null : new Act(new ScaleReplicaSets(targets));
    }

    /// <summary>Before the new revision becomes stable, the old one gets its deadline.</summary>
    public static Outcome? KeepOldStable(Facts facts)
    {
        if (facts.Stable is not { } old || old == facts.New || old.Size == 0 || old.ScaleDownDeadline is not null
            || BlueGreenRules.PromotionReason(facts) is null || Delay(facts) <= TimeSpan.Zero)
        {
            return null;
        }

        return new Act(new SetScaleDownDeadlines([new ScaleDownDeadline(old.Name, facts.Now + Delay(facts))]));
    }

    /// <summary>What is in use has no deadline.</summary>
    public static Outcome? DropDeadlines(Facts facts)
    {
        List<ScaleDownDeadline> dropped = [];
        if (facts.New!.Annotations.ContainsKey(ArgoNames.ScaleDownDeadline) && !facts.IsAborted)
        {
            dropped.Add(new ScaleDownDeadline(facts.New.Name, null));
        }

        if (facts.Stable is { } stable && stable != facts.New && stable.Annotations.ContainsKey(ArgoNames.ScaleDownDeadline)
            && BlueGreenRules.PromotionReason(facts) is null)
        {
            dropped.Add(new ScaleDownDeadline(stable.Name, null));
        }

        return dropped.Count == 0 ? null : new Act(new SetScaleDownDeadlines(dropped));
    }

    /// <summary>The pods that the new revision should have before and after promotion.</summary>
    public static int NewTarget(Facts facts)
    {
        var active = BlueGreenRules.ActiveHash(facts);
        if (facts.BlueGreen!.PreviewReplicaCount is not { } preview || facts.Seen.ReplicaSets.All(r => r.Hash != active) || BlueGreenRules.IsFastTracked(facts))
        {
            return facts.Replicas;
        }

        var paused = facts.IsPausedBySpec || facts.HasAnyPause;
        return !paused && facts.Status.BlueGreen?.ScaleUpPreviewCheckPoint == true ? facts.Replicas : preview;
    }

    /// <summary>When an old revision is due to go, or the aborted one; null if nothing waits for that.</summary>
    public static DateTimeOffset? NextDeadline(Facts facts) =>
        facts.Seen.ReplicaSets
            .Where(r => r.Size > 0 && r.ScaleDownDeadline > facts.Now)
            .Select(r => r.ScaleDownDeadline)
            .DefaultIfEmpty(null)
            .Min();

    private static TimeSpan Delay(Facts facts) =>
        facts.BlueGreen?.ScaleDownDelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultDelay;

    private static TimeSpan? AbortDelay(Facts facts) => facts.BlueGreen?.AbortScaleDownDelaySeconds switch
    {
        null => DefaultDelay,
        0 => null,
        var seconds => TimeSpan.FromSeconds(seconds.Value),
    };

    private static bool AwaitsPostAnalysis(Facts facts) =>
        AnalysisRole.PostPromotion.IsConfigured(facts) && facts.BlueGreen!.ScaleDownDelaySeconds is null
        && !AnalysisRules.IsCancelled(facts) && !BlueGreenRules.IsPostAnalysisDone(facts);

    private static bool IsReferenced(Facts facts, ReplicaSetView rs) =>
        rs.Hash == BlueGreenRules.ActiveHash(facts) || rs.Hash == facts.Service(facts.BlueGreen?.PreviewService)?.Hash;

    private static Act? Scale(Facts facts, ReplicaSetView rs, int size)
    {
        size += RestartRules.Extra(facts, rs, size);
        return rs.Size == size && rs.IsOneOf(facts.Replicas) ? null : new Act(new ScaleReplicaSets([new Scale(rs.Name, size)]));
    }
}
