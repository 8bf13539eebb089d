using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>
/// How many pods a revision's ReplicaSet is made with: what it would be scaled to first if it were made without any. That is a request less to the API server, and the
/// pods come a turn earlier.
/// </summary>
internal static class FirstSize
{
    public static int Of(Facts facts, CreateReplicaSet made)
    {
        var rs = new ReplicaSetView
        {
            Name = made.Name,
            Hash = made.Hash,
            Created = facts.Now,
            Template = facts.Spec.Template,
            Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{made.Revision}", [ArgoNames.DesiredReplicas] = $"{facts.Replicas}" },
        };
        var begun = Begun(new Facts(facts.Seen with { ReplicaSets = [.. facts.Seen.ReplicaSets, rs] }, facts.Now));
        var first = begun.IsCanary
            ? RoutedScalingRules.Grow(begun) ?? CanaryScalingRules.ScaleStable(begun) ?? CanaryScalingRules.ScaleNew(begun)
            : BlueGreenScalingRules.ScaleStable(begun) ?? BlueGreenScalingRules.ScaleNew(begun);
        return first is Act { Effect: ScaleReplicaSets scale } ? scale.Targets.FirstOrDefault(t => t.Name == rs.Name)?.Replicas ?? 0 : 0;
    }

    // The update at its beginning, as it will be recorded.
    private static Facts Begun(Facts facts) =>
        RevisionRules.Reset(facts) is Advance reset
            ? new Facts(facts.Seen with { Rollout = facts.Rollout with { Status = reset.Status } }, facts.Now)
            : facts;
}
