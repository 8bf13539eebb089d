using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities.Effects;

/// <summary>Writes ReplicaSets of a rollout, each only as it was when the decision was made.</summary>
public sealed class ReplicaSetWriter(ClusterCache cluster, ClusterWriter writer)
{
    /// <summary>Patches a ReplicaSet; a conflict if it has changed since.</summary>
    public async Task PatchAsync(RolloutScene scene, string name, JsonObject annotations, JsonObject? spec, CancellationToken cancel)
    {
        var metadata = new JsonObject
        {
            ["resourceVersion"] = cluster.ReplicaSets.Get(scene.Key.Namespace, name)?.Metadata.ResourceVersion,
            ["annotations"] = annotations,
        };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (spec is not null)
        {
            patch["spec"] = spec;
        }

        var written = await writer.PatchAsync(Kinds.ReplicaSets, cluster.ReplicaSets, scene.Key.Namespace, name, patch, cancel: cancel);
        scene.Wrote(nameof(ReplicaSet), written.Metadata.ResourceVersion);
    }
}
