namespace DaprRollouts.Core.Planning.Rules;

/// <summary>What belongs to the Rollout.</summary>
public static class OwnershipRules
{
    /// <summary>ReplicaSets that lost their owner, as when a Rollout was deleted without its pods and made again, are taken over with their pods.</summary>
    public static Outcome? Adopt(Facts facts) =>
        facts.Seen.Orphans.Count == 0 ? null : new Act(new AdoptReplicaSets(facts.Seen.Orphans));

    /// <summary>A ReplicaSet whose labels somebody changed is that person's: it keeps its pods, and counts no more.</summary>
    public static Outcome? Release(Facts facts) =>
        facts.Seen.Misfits.Count == 0 ? null : new Act(new ReleaseReplicaSets(facts.Seen.Misfits));

    /// <summary>A Service that the Rollout names no longer must not go on selecting a revision that will be scaled down some day.</summary>
    public static Outcome? ReleaseServices(Facts facts) =>
        facts.Seen.StrayServices.Count == 0 ? null : new Act(new ReleaseServices(facts.Seen.StrayServices));

    /// <summary>The same for routing objects.</summary>
    public static Outcome? ReleaseRoutes(Facts facts) =>
        facts.Seen.StrayRoutes.All.Count == 0
            ? null
            : new Act(new ReleaseRoutes([.. facts.Seen.StrayRoutes.All.Keys.Select(r => $"{r.Kind.FullName}/{r.Name}").Order(StringComparer.Ordinal)]));
}
