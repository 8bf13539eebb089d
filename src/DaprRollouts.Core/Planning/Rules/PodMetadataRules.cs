using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>The labels and annotations that pods wear while their revision is canary or preview, and while it is stable or active.</summary>
public static class PodMetadataRules
{
    /// <summary>Brings templates and live pods in line with the roles that the revisions have now.</summary>
    public static Outcome? Sync(Facts facts)
    {
        List<PodMetadataTarget> targets = [];
        foreach (var rs in facts.Seen.ReplicaSets)
        {
            var wanted = rs == facts.New ? OfNew(facts) : rs == facts.Stable ? OfStable(facts) : EphemeralMetadata.None;
            var isIdle = rs.Size == 0 && rs.Pods == 0 && rs != facts.New;
            if (!isIdle && !IsCurrent(rs, wanted))
            {
                targets.Add(new PodMetadataTarget(rs.Name, wanted));
            }
        }

        return targets.Count == 0 ? null : new Act(new SetPodMetadata(targets));
    }

    /// <summary>What pods of the new revision wear.</summary>
    public static PodMetadata OfNew(Facts facts) =>
        facts.IsInitialDeploy || facts.StableHash == facts.Hash
            ? OfStable(facts)
            : facts.Canary?.CanaryMetadata ?? facts.BlueGreen?.PreviewMetadata ?? EphemeralMetadata.None;

    private static PodMetadata OfStable(Facts facts) => facts.Canary?.StableMetadata ?? facts.BlueGreen?.ActiveMetadata ?? EphemeralMetadata.None;

    // The template says what pods to come will wear, the mark what those that exist do.
    private static bool IsCurrent(ReplicaSetView rs, PodMetadata wanted) =>
        EphemeralMetadata.Same(EphemeralMetadata.Read(rs.Annotations, ArgoNames.EphemeralMetadata), wanted)
        && EphemeralMetadata.Same(EphemeralMetadata.Read(rs.Annotations, OwnNames.PodMetadata), wanted);
}
