using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;
using DaprRollouts.Core.Routing;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Keeps routing objects as the canary's share of the traffic wants them.</summary>
public static class TrafficRules
{
    /// <summary>Brings the objects up to date, however they came to differ.</summary>
    public static Outcome? SetWeight(Facts facts)
    {
        if (Target(facts) is not { } target)
        {
            return null;
        }

        var plan = TrafficRouters.Plan(target, facts.Seen.Routes);
        return plan.Changes.Count > 0 ? new Act(new SetWeight(target.Weight, target.CanaryHash))
            : plan.Problem is { } problem ? new Blocked(problem)
            : null;
    }

    /// <summary>Records in the status what the objects say.</summary>
    public static Outcome? RecordWeights(Facts facts)
    {
        var recorded = facts.Status.Canary?.Weights;
        if (!TrafficRouters.Of(facts.Rollout).Any())
        {
            return recorded is null ? null : new Advance(facts.Status with { Canary = facts.Status.Canary! with { Weights = null } });
        }

        if (Target(facts) is not { } target || Weights(target) is var weights && IsSame(recorded, weights))
        {
            return null;
        }

        return new Advance(
            facts.Status with { Canary = (facts.Status.Canary ?? new CanaryStatus()) with { Weights = weights } },
            new Notice(Reason.TrafficWeightUpdated, Text(recorded, weights)));
    }

    /// <summary>The changes that are called for.</summary>
    public static RoutePlan Plan(Facts facts) =>
        Target(facts) is { } target ? TrafficRouters.Plan(target, facts.Seen.Routes) : new RoutePlan([], null);

    /// <summary>Whether the weight of the current step has been recorded as set.</summary>
    public static bool IsWeightInForce(Facts facts) =>
        !TrafficRouters.Of(facts.Rollout).Any()
        || (Target(facts) is { } target && IsSame(facts.Status.Canary?.Weights, Weights(target)) && facts.Status.Canary?.Weights?.Verified != false);

    /// <summary>Whether traffic may still reach a revision. Of two Services that take turns, the one that is not stable keeps its selector, but has no weight.</summary>
    public static bool IsReferenced(Facts facts, ReplicaSetView rs)
    {
        var weights = facts.Status.Canary?.Weights;
        string?[] hashes =
        [
            facts.StableHash,
            facts.Status.CurrentPodHash,
            weights?.Canary.PodTemplateHash,
            weights?.Stable.PodTemplateHash,
            facts.Service(facts.Canary!.CanaryService)?.Hash,
            facts.Service(facts.Canary.StableService)?.Hash,
        ];
        return hashes.Contains(rs.Hash) || facts.Seen.Routes.Mention(rs.Hash);
    }

    // Nothing before there is a stable version, and no more for stable than its available pods can take.
    private static TrafficTarget? Target(Facts facts)
    {
        if (!facts.IsRouted || facts.New is null)
        {
            return null;
        }

        if (facts.Stable is not { } stable)
        {
            return TargetWithoutStable(facts);
        }

        var share = TrafficShare.Of(facts);
        var recorded = facts.Status.Canary?.Weights;
        if (!CanTake(facts, stable, facts.MaxWeight - share.Weight) || !AreHashesUsable(facts))
        {
            // Routes to a canary that is given up go even so.
            return share.WithRoutes || recorded is null || facts.Canary!.TrafficRouting!.ManagedRoutes is not { Count: > 0 }
                ? null
                : Target(facts, recorded.Canary.Weight, recorded.Canary.PodTemplateHash ?? facts.Hash, []);
        }

        return Target(facts, share.Weight, share.CanaryHash, share.WithRoutes ? RoutesInForce(facts) : []);
    }

    // Where stable is lost, all that the canary can take is for it, or it would be for nobody. An abort stands, though.
    private static TrafficTarget? TargetWithoutStable(Facts facts)
    {
        if (!facts.StableIsLost || facts.IsAborted || facts.New is not { Available: > 0 } left || facts.Status.Canary?.Weights is not { } recorded)
        {
            return null;
        }

        var weight = Math.Min(facts.MaxWeight, RoutedReplicas.Capacity(left.Available, facts.Replicas, facts.MaxWeight));
        return Target(facts, Math.Max(weight, recorded.Canary.Weight), facts.Hash, RoutesInForce(facts));
    }

    private static TrafficTarget Target(Facts facts, int weight, string hash, IReadOnlyList<CanaryStep> routes) => new()
    {
        Rollout = facts.Rollout,
        Weight = weight,
        Total = facts.MaxWeight,
        CanaryHash = hash,
        StableHash = facts.StableHash,
        Routes = routes,
        StablePingPong = facts.Status.Canary?.StablePingPong,
        WeightFirst = facts.New!.Available == 0 && facts.Status.Canary?.Weights?.Canary.Weight > 0,
    };

    private static bool CanTake(Facts facts, ReplicaSetView rs, int weight)
    {
        var needed = (int)((long)weight * facts.Replicas / facts.MaxWeight);
        return rs.Observed
            && (rs.Available >= needed || (facts.Canary!.ReplicaProgressThreshold is { } threshold && ProgressThreshold.IsMet(threshold, rs.Counts, needed)));
    }

    // Where only subsets tell pods apart, a subset must not point to pods that are not there yet.
    private static bool AreHashesUsable(Facts facts)
    {
        var canary = facts.Canary!;
        if (canary.TrafficRouting!.Istio is null || !string.IsNullOrEmpty(canary.StableService) || !string.IsNullOrEmpty(canary.CanaryService))
        {
            return true;
        }

        var exempt = facts.IsAborted || TrafficShare.IsWayBackToStable(facts);
        return facts.Stable!.Available >= facts.Stable.Size && (exempt || facts.New!.Available >= facts.New.Size);
    }

    // Of each name the last step at or before the current one; one without a match takes its route away.
    private static List<CanaryStep> RoutesInForce(Facts facts)
    {
        if (facts.Revision <= 1)
        {
            return [];
        }

        var last = new Dictionary<string, CanaryStep>();
        foreach (var step in facts.Steps.Take((facts.StepIndex ?? facts.Steps.Count) + 1))
        {
            if (step.SetHeaderRoute is { } header)
            {
                last[header.Name ?? ""] = new CanaryStep { SetHeaderRoute = header };
            }

            if (step.SetMirrorRoute is { } mirror)
            {
                last[mirror.Name ?? ""] = new CanaryStep { SetMirrorRoute = mirror };
            }
        }

        return [.. last.Values.Where(s => (s.SetHeaderRoute?.Match?.Count ?? s.SetMirrorRoute?.Match?.Count ?? 0) > 0)];
    }

    private static TrafficWeights Weights(TrafficTarget target) => new()
    {
        Canary = new WeightDestination { Weight = target.Weight, ServiceName = NullIfEmpty(target.CanaryService), PodTemplateHash = target.CanaryHash },
        Stable = new WeightDestination { Weight = target.StableWeight, ServiceName = NullIfEmpty(target.StableService), PodTemplateHash = target.StableHash },
        Additional = target.Additional.Count == 0 ? null : target.Additional,
        Verified = TrafficRouters.Verified(target.Rollout),
    };

    private static bool IsSame(TrafficWeights? recorded, TrafficWeights weights) =>
        recorded is not null && recorded.Canary == weights.Canary && recorded.Stable == weights.Stable && recorded.Verified == weights.Verified
        && (recorded.Additional ?? []).SequenceEqual(weights.Additional ?? []);

    private static string Text(TrafficWeights? before, TrafficWeights after)
    {
        var weight = before is null ? $" to {after.Canary.Weight}"
            : before.Canary.Weight != after.Canary.Weight ? $" from {before.Canary.Weight} to {after.Canary.Weight}"
            : "";
        var additional = (before?.Additional ?? []).SequenceEqual(after.Additional ?? [])
            ? ""
            : $"{(weight.Length == 0 ? "" : ",")} additional: {string.Join(", ", (after.Additional ?? []).Select(a => $"{a.ServiceName} {a.Weight}"))}";
        return $"Traffic weight updated{weight}{additional}";
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
