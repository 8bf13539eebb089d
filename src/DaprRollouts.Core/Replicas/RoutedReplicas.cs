namespace DaprRollouts.Core.Replicas;

/// <summary>Sizes and weights of a canary whose traffic a router shares out, so that pods follow the weight instead of being it. The rules are those of Argo Rollouts.</summary>
public static class RoutedReplicas
{
    /// <summary>The pods that a share of the traffic needs, rounded up.</summary>
    /// <param name="replicas">Desired pods.</param>
    /// <param name="weight">The share, from 0 up.</param>
    /// <param name="total">The weight that means all traffic.</param>
    public static int For(int replicas, int weight, int total) => (int)((((long)replicas * weight) + total - 1) / total);

    /// <summary>Raises a size that is not 0 to the minimum, which counts up to the desired pods.</summary>
    public static int AtLeast(int pods, int? minimum, int replicas) =>
        pods == 0 || minimum is not > 0 ? pods : Math.Max(pods, Math.Min(minimum.Value, replicas));

    /// <summary>The part of the traffic that so many available pods can take, rounded down.</summary>
    public static int Capacity(int available, int replicas, int total) => replicas == 0 ? total : (int)((long)total * available / replicas);

    /// <summary>
    /// The weight of the canary on the way back to stable, where stable has given pods away: it never rises, and it sinks as fast as stable pods become available,
    /// at once past the steps that these can bear.
    /// </summary>
    /// <param name="replicas">Desired pods.</param>
    /// <param name="total">The weight that means all traffic.</param>
    /// <param name="stableAvailable">Available stable pods.</param>
    /// <param name="step">The weight to step down to; <see cref="StepDown"/>.</param>
    /// <param name="current">The weight now; null if none was recorded.</param>
    public static int WayBack(int replicas, int total, int stableAvailable, int step, int? current)
    {
        var bearable = Capacity(stableAvailable, replicas, total);
        var excess = Math.Max(0, total - bearable);
        return current is not { } weight ? Math.Max(excess, step)
            : step <= 0 ? Math.Min(excess, weight)
            : bearable < total - step ? weight
            : Math.Min(step, weight);
    }

    /// <summary>The highest weight of the steps, from the last one, that needs fewer canary pods than are there or are still missed by stable; 0 if none does.</summary>
    /// <param name="weights">The weights of the steps, in order.</param>
    /// <param name="replicas">Desired pods.</param>
    /// <param name="total">The weight that means all traffic.</param>
    /// <param name="stableAvailable">Available stable pods.</param>
    /// <param name="canaryAvailable">Available canary pods; null if the canary need not be kept, as it is scaled down after a delay anyway.</param>
    public static int StepDown(IEnumerable<int> weights, int replicas, int total, int stableAvailable, int? canaryAvailable)
    {
        var needed = Math.Max(replicas - stableAvailable, canaryAvailable ?? 0);
        return weights.Reverse().FirstOrDefault(w => For(replicas, w, total) < needed);
    }
}
