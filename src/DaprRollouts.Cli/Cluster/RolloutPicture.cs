using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Cli.Cluster;

/// <summary>A rollout and all that belongs to it, as read at one moment.</summary>
/// <param name="Rollout">The Rollout.</param>
/// <param name="Seen">The same, as decisions see it.</param>
/// <param name="ReplicaSets">The ReplicaSets that it owns.</param>
/// <param name="Pods">Their pods.</param>
/// <param name="AnalysisRuns">The AnalysisRuns that it owns.</param>
internal sealed record RolloutPicture(
    Rollout Rollout, Observation Seen, IReadOnlyList<ReplicaSet> ReplicaSets, IReadOnlyList<V1Pod> Pods, IReadOnlyList<AnalysisRun> AnalysisRuns);
