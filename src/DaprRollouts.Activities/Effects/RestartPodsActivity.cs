using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Evicts pods that are older than the restart asked for.</summary>
public sealed class RestartPodsActivity(RolloutTurn turn, ClusterWriter writer, PodReader pods) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<RestartPods>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(RestartPods effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var pod in effect.Pods)
        {
            try
            {
                await writer.EvictAsync(scene.Key.Namespace, pod, cancel);
                pods.Evicted(scene.Key.Uid);
                scene.Tell(effect.Kind, $"pod {pod} evicted for the restart");
            }
            catch (TooManyRequestsException)
            {
                pods.Refused(scene.Key.Uid, pod);
                scene.Tell(effect.Kind, $"pod {pod} may not be evicted yet: a disruption budget forbids it");
            }
        }
    }
}
