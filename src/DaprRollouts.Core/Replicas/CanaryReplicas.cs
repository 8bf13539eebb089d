namespace DaprRollouts.Core.Replicas;

/// <summary>Sizes of canary and stable.</summary>
public readonly record struct CanarySizes(int Canary, int Stable);

/// <summary>What exists of a ReplicaSet: desired pods and available ones.</summary>
public readonly record struct PodCounts(int Size, int Available);

/// <summary>
/// Sizes of canary and stable where the share of pods is the share of traffic. The rules are those of Argo Rollouts
/// (<c>utils/replicaset/canary.go</c>), so that the same manifest gives the same pods.
/// </summary>
public static class CanaryReplicas
{
    private const int AllTraffic = 100;

    /// <summary>
    /// The sizes that come closest to a weight. Between the extremes both sides keep a pod where that is possible, and a surplus pod
    /// is used where it comes closer and the surge allows it.
    /// </summary>
    /// <param name="replicas">Desired pods.</param>
    /// <param name="weight">The canary's share, 0 to 100.</param>
    /// <param name="surge">Pods allowed above the desired ones.</param>
    public static CanarySizes Targets(int replicas, int weight, int surge)
    {
        if (replicas <= 0)
        {
            return new CanarySizes(0, 0);
        }

        var ceiling = (int)(((long)replicas * weight + AllTraffic - 1) / AllTraffic);
        var floor = (int)((long)replicas * weight / AllTraffic);
        var emptySideAllowed = weight is 0 or AllTraffic || (replicas == 1 && surge == 0);
        var best = new CanarySizes(0, replicas);
        double? smallestError = null;

        void Consider(int canary, int total)
        {
            var error = Math.Abs(((double)canary * AllTraffic / total) - weight);
            if (smallestError is null || error < smallestError)
            {
                smallestError = error;
                best = new CanarySizes(canary, total - canary);
            }
        }

        if (ceiling < replicas || emptySideAllowed)
        {
            Consider(ceiling, replicas);
        }

        if (!IsTie(replicas, weight) && (floor != 0 || emptySideAllowed))
        {
            Consider(floor, replicas);
        }

        if (surge > 0)
        {
            Consider(ceiling, replicas + 1);
            if (!IsTie(replicas + 1, weight) && (floor != 0 || emptySideAllowed))
            {
                Consider(floor, replicas + 1);
            }
        }

        return best;
    }

    /// <summary>
    /// The next sizes on the way to the targets: as many pods up as the surge allows, stable first; then, once no older pods are left, as
    /// many down as availability allows, from the side that shrinks.
    /// </summary>
    /// <param name="targets">From <see cref="Targets"/>.</param>
    /// <param name="canary">The canary now.</param>
    /// <param name="stable">Stable now; nothing if canary and stable are one.</param>
    /// <param name="older">Desired pods of all other ReplicaSets.</param>
    /// <param name="limits">Desired pods, surge and unavailable.</param>
    public static CanarySizes Next(CanarySizes targets, PodCounts canary, PodCounts? stable, int older, RolloutLimits limits)
    {
        var stableNow = stable ?? new PodCounts(0, 0);
        var grown = ScaleUp(targets, canary.Size, stableNow.Size, stable is not null, limits.Most - (older + canary.Size + stableNow.Size));
        if (older > 0)
        {
            return grown;
        }

        var increasing = targets.Canary >= canary.Size;
        var total = Counted(canary, !increasing) + Counted(stableNow, increasing);
        if (total <= limits.Least)
        {
            return grown;
        }

        var down = total - limits.Least;
        return increasing && stable is not null
            ? Flip(ScaleDown(targets.Stable, stableNow, grown.Stable, (canary, grown.Canary), down, limits))
            : increasing ? grown : ScaleDown(targets.Canary, canary, grown.Canary, (stableNow, grown.Stable), down, limits);
    }

    private static CanarySizes ScaleUp(CanarySizes targets, int canary, int stable, bool stableIsDistinct, int budget)
    {
        if (stableIsDistinct && stable < targets.Stable && budget > 0)
        {
            var grown = Math.Min(targets.Stable, stable + budget);
            budget = grown < targets.Stable ? 0 : budget - (grown - stable);
            stable = grown;
        }

        if (canary < targets.Canary && budget > 0)
        {
            canary = Math.Min(targets.Canary, canary + budget);
        }

        return new CanarySizes(canary, stable);
    }

    // The side that shrinks is "drain"; the result holds it in Canary's place.
    private static CanarySizes ScaleDown(
        int target, PodCounts drainNow, int drain, (PodCounts Now, int Size) other, int down, RolloutLimits limits)
    {
        var otherSize = other.Size;
        if (drainNow.Size > target)
        {
            drain = Math.Max(target, drainNow.Size - down);
        }

        otherSize -= Math.Max(0, drain + otherSize - limits.Most);
        var available = Math.Min(drainNow.Available, drain) + Math.Min(other.Now.Available, otherSize);
        var lost = Math.Max(0, other.Now.Available - otherSize);
        otherSize += Math.Min(lost, Math.Max(0, limits.Least - available));
        drain -= Math.Max(0, drain + otherSize - limits.Most);
        return new CanarySizes(drain, otherSize);
    }

    private static CanarySizes Flip(CanarySizes sizes) => new(sizes.Stable, sizes.Canary);

    // Pods of the side being drained count as desired, not as available: they are on their way out.
    private static int Counted(PodCounts pods, bool ignoreAvailability) =>
        pods.Size < pods.Available || ignoreAvailability ? pods.Size : pods.Available;

    private static bool IsTie(int replicas, int weight) => (long)replicas * weight * 2 % (2 * AllTraffic) == AllTraffic;
}

/// <summary>The bounds that a rollout keeps to.</summary>
/// <param name="Replicas">Desired pods.</param>
/// <param name="Surge">Pods allowed above them.</param>
/// <param name="Unavailable">Pods that may be missing below them.</param>
public readonly record struct RolloutLimits(int Replicas, int Surge, int Unavailable)
{
    /// <summary>The most pods that may exist.</summary>
    public int Most => Replicas + Surge;

    /// <summary>The least pods that must be available.</summary>
    public int Least => Replicas - Unavailable;
}
