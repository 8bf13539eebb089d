using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities.Effects;

/// <summary>Writes ReplicaSets of a rollout, each only as it was when the decision was made.</summary>
public sealed class ReplicaSetWriter(ClusterCache cluster, ClusterWriter writer)
{
    /// <summary>Scales a ReplicaSet; a conflict if its size has changed since. With its last pods goes the deadline for them.</summary>
    public async Task ScaleAsync(RolloutScene scene, string name, int replicas, CancellationToken cancel)
    {
        var rs = cluster.ReplicaSets.Get(scene.Key.Namespace, name);
        if (rs is null || Views.Of(rs).Size != scene.Seen!.ReplicaSets.Single(r => r.Name == name).Size)
        {
            throw new ConflictException("Conflict", $"ReplicaSet {scene.Key.Namespace}/{name} has changed since it was observed");
        }

        List<JsonObject> operations = [Operation("replace", "/spec/replicas", replicas)];
        if (rs.Metadata.Annotations is null)
        {
            operations.Add(Operation("add", "/metadata/annotations", new JsonObject()));
        }

        operations.Add(Operation("add", PathOf(ArgoNames.DesiredReplicas), $"{scene.Seen.Rollout.Spec.Replicas ?? 1}"));
        if (replicas == 0 && rs.Metadata.Annotations?.ContainsKey(ArgoNames.ScaleDownDeadline) == true)
        {
            operations.Add(Operation("remove", PathOf(ArgoNames.ScaleDownDeadline), null));
        }

        var written = await writer.PatchSpecAsync(Kinds.ReplicaSets, cluster.ReplicaSets, rs, operations, cancel);
        scene.Wrote(FloorKinds.ReplicaSet, written.Metadata.ResourceVersion);
    }

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
        scene.Wrote(FloorKinds.ReplicaSet, written.Metadata.ResourceVersion);
    }

    /// <summary>Says whom a ReplicaSet belongs to; a conflict if it has changed since.</summary>
    public async Task SetOwnersAsync(RolloutScene scene, ReplicaSet rs, IEnumerable<JsonNode> owners, CancellationToken cancel)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = rs.Metadata.Uid, ["resourceVersion"] = rs.Metadata.ResourceVersion, ["ownerReferences"] = new JsonArray([.. owners]),
            },
        };
        var written = await writer.PatchAsync(Kinds.ReplicaSets, cluster.ReplicaSets, scene.Key.Namespace, rs.Metadata.Name, patch, cancel: cancel);
        scene.Wrote(FloorKinds.ReplicaSet, written.Metadata.ResourceVersion);
    }

    private static JsonObject Operation(string operation, string path, JsonNode? value)
    {
        var step = new JsonObject { ["op"] = operation, ["path"] = path };
        if (value is not null)
        {
            step["value"] = value;
        }

        return step;
    }

    // A slash is part of most names, and the separator of a JSON pointer.
    private static string PathOf(string annotation) => $"/metadata/annotations/{annotation.Replace("/", "~1", StringComparison.Ordinal)}";
}
