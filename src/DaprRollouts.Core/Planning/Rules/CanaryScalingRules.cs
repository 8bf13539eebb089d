using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Sizes of a canary's ReplicaSets where pods are the weight. One ReplicaSet changes at a time: stable, new, then the others.</summary>
public static class CanaryScalingRules
{
    public static Outcome? ScaleStable(Facts facts) =>
        !facts.IsRouted && facts.Stable is { } stable && stable != facts.New ? ScaleTo(facts, stable, Next(facts).Stable) : null;

    public static Outcome? ScaleNew(Facts facts) => facts.IsRouted ? null : ScaleTo(facts, facts.New!, Next(facts).Canary);

    /// <summary>Revisions that are neither new nor stable go, unhealthy pods first, as far as availability allows.</summary>
    public static Outcome? ScaleOthers(Facts facts)
    {
        if (facts.IsRouted || facts.IsPausedBySpec)
        {
            return null;
        }

        var unhealthy = facts.Others.Where(r => r.Size > r.Available).Select(r => new Scale(r.Name, r.Available)).ToList();
        if (unhealthy.Count > 0)
        {
            return new Act(new ScaleReplicaSets(unhealthy));
        }

        if (AreCountsOld(facts))
        {
            return null;
        }

        var down = facts.Seen.ReplicaSets.Sum(r => r.Available) - facts.Limits.Least;
        List<Scale> targets = [];
        foreach (var rs in facts.Others.Where(r => r.Size > 0).OrderByDescending(r => r.Revision))
        {
            if (down <= 0)
            {
                break;
            }

            var size = Math.Max(0, rs.Size - down);
            down -= rs.Size - size;
            targets.Add(new Scale(rs.Name, size));
        }

        return targets.Count == 0 ? null : new Act(new ScaleReplicaSets(targets));
    }

    /// <summary>The share of pods that the canary should have, 0 to 100.</summary>
    public static int DesiredWeight(Facts facts)
    {
        if (facts.PromotesFully || facts.IsInitialDeploy || facts.IsFullyPromoted)
        {
            return facts.MaxWeight;
        }

        if (facts.IsAborted)
        {
            return 0;
        }

        return facts.StepIndex is { } index
            ? facts.Steps.Take(index + 1).LastOrDefault(s => s.SetWeight is not null)?.SetWeight ?? 0
            : facts.MaxWeight;
    }

    /// <summary>Whether the pods are as the current weight wants them.</summary>
    public static bool IsAtDesiredCounts(Facts facts)
    {
        var next = Next(facts);
        var stable = facts.Stable is { } s && s != facts.New ? s : null;
        return facts.New is { Observed: true } rs
            && ProgressThreshold.IsMet(facts.Canary!.ReplicaProgressThreshold, rs.Counts, next.Canary)
            && (stable is null || (stable.Size == next.Stable && stable.Pods == next.Stable))
            && facts.Others.All(r => r.Available == 0);
    }

    /// <summary>The sizes to go to now.</summary>
    public static CanarySizes Next(Facts facts)
    {
        var limits = facts.Limits;
        var stable = facts.Stable is { } s && s != facts.New ? s : null;
        var targets = facts.IsInitialDeploy || facts.NewIsStable || facts.StableIsLost
            ? new CanarySizes(facts.Replicas, 0)
            : CanaryReplicas.Targets(facts.Replicas, DesiredWeight(facts), limits.Surge);
        return CanaryReplicas.Next(targets, facts.New?.Counts ?? default, stable?.Counts, facts.Others.Sum(r => r.Size), limits);
    }

    // Pods go because others can serve; a ReplicaSet that was scaled a moment ago may still count some that are gone.
    private static bool AreCountsOld(Facts facts) => facts.Seen.ReplicaSets.Any(r => !r.Observed && r.Size > 0);

    private static Act? ScaleTo(Facts facts, ReplicaSetView rs, int size)
    {
        size += RestartRules.Extra(facts, rs, size);
        var isHeld = facts.IsPausedBySpec || (facts.IsHeldByAnalysis && !facts.IsAborted && rs.IsOneOf(facts.Replicas)); // but what a user scales is scaled
        var isEarly = size < rs.Size && AreCountsOld(facts);
        return (rs.Size == size && rs.IsOneOf(facts.Replicas)) || isHeld || isEarly ? null : new Act(new ScaleReplicaSets([new Scale(rs.Name, size)]));
    }
}
