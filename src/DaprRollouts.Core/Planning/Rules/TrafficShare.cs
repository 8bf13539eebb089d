using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>What share of the traffic the canary is to have now, and which routes lead to it besides.</summary>
/// <param name="Weight">The weight, 0 to the total.</param>
/// <param name="CanaryHash">The pods that have it.</param>
/// <param name="WithRoutes">Whether header and mirror routes may lead to the canary.</param>
internal readonly record struct TrafficShare(int Weight, string CanaryHash, bool WithRoutes)
{
    /// <summary>
    /// The first that applies: on the way back, promoted, aborted, without pods, promoted at once, or by the steps. On the way back, the weight stays with the pods that have
    /// it, crashed or not: it goes as stable can take it.
    /// </summary>
    public static TrafficShare Of(Facts facts)
    {
        var recorded = facts.Status.Canary?.Weights;
        if (IsWayBackToStable(facts))
        {
            return new(OnTheWayBack(facts), recorded!.Canary.PodTemplateHash ?? "", WithRoutes: false);
        }

        if (facts is { IsAborted: true, Canary.DynamicStableScale: true } && recorded is { Canary: { Weight: > 0 } had } && OnTheWayBack(facts) is > 0 and var left)
        {
            return new(left, had.PodTemplateHash ?? facts.Hash, WithRoutes: false);
        }

        if (facts.NewIsStable || facts.IsAborted || facts.New is not { Available: > 0 } rs)
        {
            return new(0, facts.Hash, WithRoutes: false);
        }

        if (facts.PromotesFully)
        {
            var weight = facts.Canary!.DynamicStableScale == true
                ? Math.Min(facts.MaxWeight, RoutedReplicas.Capacity(rs.Available, facts.Replicas, facts.MaxWeight))
                : recorded?.Canary.Weight ?? 0;
            return new(weight, facts.Hash, WithRoutes: false);
        }

        return new(ByStep(facts), facts.Hash, WithRoutes: true);
    }

    /// <summary>Whether the stable template was applied again in mid-update, and stable, which had given pods away, does not have them back yet.</summary>
    public static bool IsWayBackToStable(Facts facts) =>
        facts is { NewIsStable: true, Canary.DynamicStableScale: true } && facts.New!.Available < facts.Replicas
        && facts.Status.Canary?.Weights is { } recorded && (recorded.Canary.PodTemplateHash ?? "") != facts.Hash;

    /// <summary>The weight that the steps have come to; while an analysis that told nothing holds the update, no more than it has.</summary>
    public static int Reached(Facts facts)
    {
        var weight = CanaryScalingRules.DesiredWeight(facts);
        return facts is { IsHeldByAnalysis: true, Steps.Count: > 0 }
            ? Math.Min(weight, facts.Status.Canary?.Weights is { Canary: var recorded } && recorded.PodTemplateHash == facts.Hash ? recorded.Weight : 0)
            : weight;
    }

    /// <summary>The weight to step down to on the way back to stable.</summary>
    public static int StepDown(Facts facts) => facts.IsAborted
        ? RoutedReplicas.StepDown(
            facts.Steps.Select(s => s.SetWeight).OfType<int>(),
            facts.Replicas,
            facts.MaxWeight,
            facts.Stable?.Available ?? 0,
            facts.Canary!.AbortScaleDownDelaySeconds is > 0 ? null : facts.New?.Available ?? 0)
        : CanaryScalingRules.DesiredWeight(facts);

    // More weight waits for the pods that take it; less does not wait for pods to go.
    private static int ByStep(Facts facts)
    {
        if (facts.Steps.Count == 0)
        {
            return 0;
        }

        var reached = Reached(facts);
        var before = facts.Steps.Take(facts.StepIndex ?? facts.Steps.Count).LastOrDefault(s => s.SetWeight is not null)?.SetWeight ?? 0;
        return RoutedScalingRules.IsAtDesiredCounts(facts) || GivesBack(facts, reached) ? reached : Math.Min(before, reached);
    }

    // Steps that were edited may want less than the canary has: its pods cannot go before the weight, and stable need not be able to take all of it.
    private static bool GivesBack(Facts facts, int reached) =>
        facts.Status.Canary?.Weights is { Canary: var recorded } && recorded.PodTemplateHash == facts.Hash && reached < recorded.Weight
        && facts.New is { Observed: true } rs && rs.Available >= RoutedReplicas.For(facts.Replicas, reached, facts.MaxWeight);

    private static int OnTheWayBack(Facts facts) =>
        facts is not { Replicas: > 0, New: not null, Stable: { } stable }
            ? 0
            : RoutedReplicas.WayBack(facts.Replicas, facts.MaxWeight, stable.Available, StepDown(facts), facts.Status.Canary?.Weights?.Canary.Weight);
}
