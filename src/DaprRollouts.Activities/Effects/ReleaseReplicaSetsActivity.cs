using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets go of ReplicaSets that no longer fit the Rollout.</summary>
public sealed class ReleaseReplicaSetsActivity(RolloutTurn turn, ClusterCache cluster, ReplicaSetWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<ReleaseReplicaSets>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(ReleaseReplicaSets effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var name in effect.Names)
        {
            if (cluster.ReplicaSets.Get(scene.Key.Namespace, name) is not { } misfit)
            {
                continue;
            }

            var owners = (misfit.Metadata.OwnerReferences ?? []).Where(o => o.Uid != scene.Key.Uid).Select(Owner.Copy);
            await writer.SetOwnersAsync(scene, misfit, owners, cancel);
            scene.Tell(effect.Kind, $"ReplicaSet {name} has labels that do not fit any more: let go");
        }
    }
}
