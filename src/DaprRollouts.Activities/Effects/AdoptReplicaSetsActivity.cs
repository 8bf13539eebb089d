using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Takes over ReplicaSets that fit the Rollout and belong to nobody.</summary>
public sealed class AdoptReplicaSetsActivity(RolloutTurn turn, ClusterCache cluster, ReplicaSetWriter writer) : WorkflowActivity<EffectInput, Report>
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

            var owners = (orphan.Metadata.OwnerReferences ?? []).Select(Owner.Copy).Append(Owner.Reference(scene.Seen!.Rollout));
            await writer.SetOwnersAsync(scene, orphan, owners, cancel);
            scene.Tell(effect.Kind, $"ReplicaSet {name} belonged to nobody and fits: taken over");
        }
    }
}
