using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Core.Planning;

/// <summary>
/// What no rule may ever do, whatever it was written for: every change to pods, Services and weights passes through here before it becomes a move. It knows nothing of
/// steps and strategies, only of capacity and of who serves. The rules are right by themselves; this is for the one that is not.
/// </summary>
public static class SafetyKernel
{
    /// <summary>Why a change must not be made now, or null.</summary>
    public static string? Refusal(Facts facts, Effect effect) => effect switch
    {
        CreateReplicaSet create => Surge(facts, facts.Seen.ReplicaSets.Sum(r => r.Size) + create.Replicas, create.Replicas > 0),
        ScaleReplicaSets scale => Surge(facts, scale) ?? Availability(facts, scale) ?? Traffic(facts, scale) ?? Active(facts, scale),
        SwitchServices switches => Switches(facts, switches),
        SetWeight weight => Weight(facts, weight),
        _ => null,
    };

    private static string? Surge(Facts facts, ScaleReplicaSets scale) =>
        Surge(facts, facts.Seen.ReplicaSets.Sum(r => Size(scale, r)), facts.Seen.ReplicaSets.Any(r => Size(scale, r) > r.Size));

    // No more pods than the surge allows, where pods are the weight.
    private static string? Surge(Facts facts, int after, bool grows) =>
        facts.IsCanary && !facts.IsRouted && grows && after > facts.Limits.Most ? $"{after} pods where {facts.Limits.Most} are allowed" : null;

    // No fewer pods that can serve than may be missing, or, where so many are missing already, no fewer than there are.
    private static string? Availability(Facts facts, ScaleReplicaSets scale)
    {
        if (!facts.IsCanary || facts.IsRouted)
        {
            return null;
        }

        var before = facts.Seen.ReplicaSets.Sum(r => r.Available);
        var after = facts.Seen.ReplicaSets.Sum(r => Math.Min(r.Available, Size(scale, r)));
        return after < before && after < Math.Min(before, facts.Limits.Least) ? $"{after} of {facts.Limits.Least} pods would be left to serve" : null;
    }

    // Who has a weight keeps a pod for it, and stable as many as its weight needs.
    private static string? Traffic(Facts facts, ScaleReplicaSets scale)
    {
        if (!facts.IsRouted || facts.Replicas == 0 || facts.Status.Canary?.Weights is not { } weights)
        {
            return null;
        }

        foreach (var rs in facts.Seen.ReplicaSets.Where(r => Size(scale, r) < r.Size))
        {
            if (rs.Hash == weights.Canary.PodTemplateHash && weights.Canary.Weight > 0 && Size(scale, rs) == 0)
            {
                return $"{rs.Name} would be left without pods for its weight of {weights.Canary.Weight}";
            }

            if (rs.Hash == weights.Stable.PodTemplateHash && Size(scale, rs) < (int)((long)weights.Stable.Weight * facts.Replicas / facts.MaxWeight))
            {
                return $"{rs.Name} would have {Size(scale, rs)} pods for its weight of {weights.Stable.Weight}";
            }
        }

        return null;
    }

    // What an active Service selects keeps all of its pods.
    private static string? Active(Facts facts, ScaleReplicaSets scale)
    {
        var active = facts.BlueGreen is null ? null : facts.Seen.ReplicaSets.FirstOrDefault(r => r.Hash == BlueGreenRules.ActiveHash(facts));
        return active is not null && Size(scale, active) < Math.Min(active.Size, facts.Replicas) ? $"{active.Name} is what the active Service selects" : null;
    }

    // A Service that users reach goes to pods that can serve.
    private static string? Switches(Facts facts, SwitchServices switches)
    {
        var serving = facts.Canary?.StableService ?? facts.BlueGreen?.ActiveService;
        foreach (var (service, hash) in switches.Switches.Where(s => s.Service == serving))
        {
            var target = facts.Seen.ReplicaSets.FirstOrDefault(r => r.Hash == hash);
            if (target is { Available: > 0 } or null || facts.Service(service)?.Hash == hash)
            {
                continue;
            }

            if (facts.Seen.ReplicaSets.Any(r => r.Hash == facts.Service(service)?.Hash && r.Available > 0))
            {
                return $"Service {service} would go to {target.Name}, which has no pod that can serve";
            }
        }

        return null;
    }

    // A weight goes to pods that can take it, and none rises after an abort.
    private static string? Weight(Facts facts, SetWeight change)
    {
        var recorded = facts.Status.Canary?.Weights?.Canary;
        var canary = facts.Seen.ReplicaSets.FirstOrDefault(r => r.Hash == change.CanaryHash);
        if (change.Weight > (recorded?.Weight ?? 0))
        {
            return facts.IsAborted ? $"the weight would rise to {change.Weight} after an abort"
                : canary is not { Available: > 0 } ? $"the weight would rise to {change.Weight} without a pod that can take it"
                : null;
        }

        var left = (int)((long)(facts.MaxWeight - change.Weight) * facts.Replicas / facts.MaxWeight);
        var sinks = change.Weight < (recorded?.Weight ?? 0);
        return sinks && facts.Stable is { } stable && stable.Available < left && facts.Canary?.ReplicaProgressThreshold is null
            ? $"stable has {stable.Available} of the {left} pods that the rest of the traffic needs"
            : null;
    }

    private static int Size(ScaleReplicaSets scale, ReplicaSetView rs) => scale.Targets.FirstOrDefault(t => t.Name == rs.Name)?.Replicas ?? rs.Size;
}
