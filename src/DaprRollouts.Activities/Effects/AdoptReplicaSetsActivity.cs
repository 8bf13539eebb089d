using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Takes over ReplicaSets that fit the Rollout and belong to nobody.</summary>
public sealed class AdoptReplicaSetsActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<AdoptReplicaSets>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(AdoptReplicaSets effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var name in effect.Names)
        {
            // Only the very object that was seen, and only while it belongs to nobody: its version tells.
            if (cluster.ReplicaSets.Get(scene.Key.Namespace, name) is not { } orphan)
            {
                continue;
            }

            var owners = new JsonArray([.. (orphan.Metadata.OwnerReferences ?? []).Select(Owner.Copy), Owner.Reference(scene.Seen!.Rollout)]);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["uid"] = orphan.Metadata.Uid, ["resourceVersion"] = orphan.Metadata.ResourceVersion, ["ownerReferences"] = owners,
                },
            };
            var written = await writer.PatchAsync(Kinds.ReplicaSets, cluster.ReplicaSets, scene.Key.Namespace, name, patch, cancel: cancel);
            scene.Wrote(nameof(ReplicaSet), written.Metadata.ResourceVersion);
            scene.Tell(effect.Kind, $"ReplicaSet {name} belonged to nobody and fits: taken over");
        }
    }
}
