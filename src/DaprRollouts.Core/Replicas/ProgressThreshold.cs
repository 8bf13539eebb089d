using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Replicas;

/// <summary>Whether enough pods of a ReplicaSet are available for a rollout to go on.</summary>
public static class ProgressThreshold
{
    /// <summary>Without a threshold, all desired pods must exist and be available; with one, the given share or number.</summary>
    /// <param name="threshold">Percent or Pods; a negative value counts as none.</param>
    /// <param name="pods">The ReplicaSet.</param>
    /// <param name="desired">The pods that it should have.</param>
    public static bool IsMet(ReplicaProgressThreshold? threshold, PodCounts pods, int desired) => threshold switch
    {
        null or { Value: null or < 0 } => pods.Size == desired && pods.Available == desired,
        { Type: "Percent", Value: { } percent } => desired == 0 || (long)pods.Available * 100 >= (long)percent * desired,
        { Value: { } number } => pods.Available >= number,
    };
}
