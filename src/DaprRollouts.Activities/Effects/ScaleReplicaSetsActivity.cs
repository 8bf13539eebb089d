using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Scales ReplicaSets.</summary>
public sealed class ScaleReplicaSetsActivity(RolloutTurn turn, ReplicaSetWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<ScaleReplicaSets>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(ScaleReplicaSets effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        foreach (var (name, replicas) in effect.Targets)
        {
            var rs = scene.Seen.ReplicaSets.Single(r => r.Name == name);
            await writer.ScaleAsync(scene, name, replicas, cancel);
            if (replicas == rs.Size)
            {
                continue; // only the number that the Rollout asks for in all is another
            }

            var direction = replicas > rs.Size ? "up" : "down";
            var notice = new Notice(
                Reason.ScalingReplicaSet, $"Scaled {direction} ReplicaSet {name} (revision {rs.Revision}) from {rs.Size} to {replicas}");
            publisher.Record(rollout.Namespace, rollout.Name, notice);
            scene.Tell(effect.Kind, notice.Message);
        }
    }
}
