using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;
using k8s;
using k8s.Models;

namespace DaprRollouts.Activities.Effects;

/// <summary>Deletes what the history limits no longer keep.</summary>
public sealed class CleanUpActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<CleanUp>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(CleanUp effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var name in effect.AnalysisRuns)
        {
            await DeleteAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, scene, name, cancel);
        }

        foreach (var name in effect.ReplicaSets)
        {
            await DeleteAsync(Kinds.ReplicaSets, cluster.ReplicaSets, scene, name, cancel);
        }
    }

    private async Task DeleteAsync<T>(ResourceKind<T> kind, ResourceCache<T> cache, RolloutScene scene, string name, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (cache.Get(scene.Key.Namespace, name) is { } known)
        {
            await writer.DeleteAsync(kind, cache, scene.Key.Namespace, name, known.Metadata.Uid, cancel);
            scene.Tell("CleanUp", $"{kind.Kind} {name} deleted, as the history limits ask for");
        }
    }
}
