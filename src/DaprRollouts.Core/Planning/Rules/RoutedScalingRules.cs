using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Sizes of a canary whose traffic a router shares out. Pods come before the weight that needs them, and go after it.</summary>
public static class RoutedScalingRules
{
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(30);

    /// <summary>More pods, before the weight rises.</summary>
    public static Outcome? Grow(Facts facts) => Resize(facts, grow: true);

    /// <summary>Fewer pods, after the weight has sunk.</summary>
    public static Outcome? Shrink(Facts facts) => Resize(facts, grow: false);

    /// <summary>The pods of an aborted update stay for a while, so that a retry is quick; an explicit delay of 0 keeps them.</summary>
    public static Outcome? RetireAborted(Facts facts)
    {
        if (!facts.IsRouted || facts.IsPausedBySpec || !KeepsAborted(facts) || facts.New is not { Size: > 0 } rs || facts.Canary!.AbortScaleDownDelaySeconds == 0)
        {
            return null;
        }

        if (rs.ScaleDownDeadline is { } deadline)
        {
            var size = WithWeight(facts, 0);
            return deadline <= facts.Now && size < rs.Size ? new Act(new ScaleReplicaSets([new Scale(rs.Name, size)])) : null;
        }

        var delay = facts.Canary.AbortScaleDownDelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultDelay;
        return facts.Stable!.Available >= facts.Replicas ? new Act(new SetScaleDownDeadlines([new ScaleDownDeadline(rs.Name, facts.Now + delay)])) : null;
    }

    /// <summary>What is in use has no deadline.</summary>
    public static Outcome? DropDeadlines(Facts facts)
    {
        if (!facts.IsRouted)
        {
            return null;
        }

        List<ReplicaSetView> used = facts.Stable is { } stable ? [stable] : [];
        if (!KeepsAborted(facts) && facts.New is { } rs && rs != facts.Stable)
        {
            used.Add(rs);
        }

        var dropped = used.Where(r => r.Annotations.ContainsKey(ArgoNames.ScaleDownDeadline)).Select(r => new ScaleDownDeadline(r.Name, null)).ToList();
        return dropped.Count == 0 ? null : new Act(new SetScaleDownDeadlines(dropped));
    }

    /// <summary>
    /// Revisions that are neither new nor stable: what was stable stays until its delay is over, what was never promoted goes at once. Nothing goes that traffic may
    /// still reach.
    /// </summary>
    public static Outcome? RetireOthers(Facts facts)
    {
        if (!facts.IsRouted || facts.IsPausedBySpec)
        {
            return null;
        }

        var unhealthy = facts.Others.Where(r => r.Size > r.Available && !TrafficRules.IsReferenced(facts, r)).Select(r => new Scale(r.Name, r.Available)).ToList();
        if (unhealthy.Count > 0)
        {
            return new Act(new ScaleReplicaSets(unhealthy));
        }

        return facts.Seen.ReplicaSets.Sum(r => r.Available) > facts.Limits.Least ? Retire(facts) : null;
    }

    /// <summary>Whether the pods are as the current step wants them.</summary>
    public static bool IsAtDesiredCounts(Facts facts) =>
        facts.New is { Observed: true } rs
        && ProgressThreshold.IsMet(facts.Canary!.ReplicaProgressThreshold, rs.Counts, CanaryTarget(facts, null))
        && (facts.Canary.DynamicStableScale == true || facts.Stable is not { } stable || stable == rs
            || (stable.Size == facts.Replicas && stable.Pods == facts.Replicas));

    /// <summary>The pods that the canary should have.</summary>
    /// <param name="facts">The situation.</param>
    /// <param name="weights">The weights that are in force.</param>
    public static int CanaryTarget(Facts facts, TrafficWeights? weights)
    {
        var pods = ScaleInForce(facts)?.Replicas ?? Pods(facts, Weight(facts));
        if (facts.Canary!.DynamicStableScale != true)
        {
            return pods;
        }

        var weight = facts.IsAborted ? weights?.Canary.Weight ?? 0 : 0;
        return RoutedReplicas.AtLeast(Math.Max(RoutedReplicas.For(facts.Replicas, weight, facts.MaxWeight), pods), facts.Canary.MinPodsPerReplicaSet, facts.Replicas);
    }

    /// <summary>The pods that stable should have beside a canary.</summary>
    /// <param name="facts">The situation.</param>
    /// <param name="weights">The weights that are in force.</param>
    public static int StableTarget(Facts facts, TrafficWeights? weights)
    {
        if (facts.Canary!.DynamicStableScale != true)
        {
            return facts.Replicas;
        }

        var left = facts.MaxWeight - (ScaleInForce(facts) is { Replicas: not null } ? 0 : Weight(facts));
        var needed = Math.Max(
            RoutedReplicas.For(facts.Replicas, Math.Max(0, left), facts.MaxWeight),
            RoutedReplicas.For(facts.Replicas, StableWeight(facts, weights), facts.MaxWeight));
        return RoutedReplicas.AtLeast(needed, facts.Canary.MinPodsPerReplicaSet, facts.Replicas);
    }

    private static Act? Resize(Facts facts, bool grow)
    {
        if (!facts.IsRouted || facts.IsPausedBySpec)
        {
            return null;
        }

        var weights = facts.Status.Canary?.Weights;
        if (facts.Stable is { } stable && stable != facts.New && Step(facts, stable, StableTarget(facts, weights), grow) is { } first)
        {
            return first;
        }

        return KeepsAborted(facts) ? null : Step(facts, facts.New!, grow ? CanaryTarget(facts, weights) : WithWeight(facts, CanaryTarget(facts, weights)), grow);
    }

    private static Act? Step(Facts facts, ReplicaSetView rs, int size, bool grow)
    {
        size += RestartRules.Extra(facts, rs, size);
        var isDue = rs.Size == size ? grow && !rs.IsOneOf(facts.Replicas) : rs.Size < size == grow;
        return isDue ? new Act(new ScaleReplicaSets([new Scale(rs.Name, size)])) : null;
    }

    // What was promoted a moment ago may still have its weight as the canary that it was.
    private static int StableWeight(Facts facts, TrafficWeights? weights) => weights is null
        ? facts.MaxWeight
        : Math.Min(facts.MaxWeight, weights.Stable.Weight + (weights.Canary.PodTemplateHash == facts.StableHash ? weights.Canary.Weight : 0));

    // What still has a weight, as stable or as canary, keeps the pods for it; of a canary's, the manifest itself may ask for fewer.
    private static int WithWeight(Facts facts, int pods)
    {
        if (facts.NewIsStable || facts.Status.Canary?.Weights is not { } weights)
        {
            return pods;
        }

        var weight = (weights.Stable.PodTemplateHash == facts.Hash ? weights.Stable.Weight : 0)
            + (weights.Canary.PodTemplateHash == facts.Hash && ScaleInForce(facts) is null ? weights.Canary.Weight : 0);
        return Math.Max(pods, RoutedReplicas.For(facts.Replicas, Math.Min(weight, facts.MaxWeight), facts.MaxWeight));
    }

    // With a stable that grows again as needed, the canary shrinks with the weight instead, unless a delay is asked for.
    private static bool KeepsAborted(Facts facts) =>
        facts.IsAborted && facts.Stable is not null
        && (facts.Canary!.DynamicStableScale != true || facts.Canary.AbortScaleDownDelaySeconds is not null);

    private static int Weight(Facts facts) =>
        TakesAll(facts) ? facts.MaxWeight
        : ScaleInForce(facts) is { Weight: { } scale } ? scale
        : facts is { IsAborted: true, Canary.DynamicStableScale: true } ? TrafficShare.StepDown(facts)
        : TrafficShare.Reached(facts);

    private static bool TakesAll(Facts facts) => facts.PromotesFully || facts.IsInitialDeploy || facts.IsFullyPromoted || facts.StableIsLost;

    private static int Pods(Facts facts, int weight) =>
        RoutedReplicas.AtLeast(RoutedReplicas.For(facts.Replicas, weight, facts.MaxWeight), facts.Canary!.MinPodsPerReplicaSet, facts.Replicas);

    // The last setCanaryScale at or before the current step; matchTrafficWeight ends it.
    private static SetCanaryScaleStep? ScaleInForce(Facts facts)
    {
        if (TakesAll(facts) || facts.IsAborted || facts.StepIndex is not { } index)
        {
            return null;
        }

        var scale = facts.Steps.Take(index + 1).LastOrDefault(s => s.SetCanaryScale is not null)?.SetCanaryScale;
        return scale is null or { MatchTrafficWeight: true } ? null : scale;
    }

    private static Act? Retire(Facts facts)
    {
        var limit = facts.Canary!.ScaleDownDelayRevisionLimit ?? int.MaxValue;
        var delay = facts.Canary.ScaleDownDelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultDelay;
        var kept = 0;
        List<ScaleDownDeadline> deadlines = [];
        List<Scale> gone = [];
        foreach (var rs in facts.Others.Where(r => r.Size > 0 && !TrafficRules.IsReferenced(facts, r)).OrderByDescending(r => r.Revision))
        {
            var mayStay = facts.Canary.DynamicStableScale != true && (facts.IsFullyPromoted || rs.ScaleDownDeadline is not null) && delay > TimeSpan.Zero;
            if (!mayStay || ++kept > limit || rs.ScaleDownDeadline <= facts.Now)
            {
                gone.Add(new Scale(rs.Name, 0));
            }
            else if (rs.ScaleDownDeadline is null)
            {
                deadlines.Add(new ScaleDownDeadline(rs.Name, facts.Now + delay));
            }
        }

        return gone.Count > 0 ? new Act(new ScaleReplicaSets(gone))
            : deadlines.Count > 0 ? new Act(new SetScaleDownDeadlines(deadlines))
            : null;
    }
}
