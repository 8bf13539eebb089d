using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Scales the Deployment whose template the Rollout uses.</summary>
public sealed class ScaleWorkloadActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer) : WorkflowActivity<EffectInput, Report>
{
    private static readonly WorkloadKind Deployments = WorkloadKind.All.Single(k => k.Name == "Deployment");

    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<ScaleWorkload>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(ScaleWorkload effect, RolloutScene scene, CancellationToken cancel)
    {
        var kind = Kinds.Workloads[Deployments];
        await writer.ScaleAsync(kind.Group, kind.Version, kind.Plural, scene.Key.Namespace, effect.Name, effect.Replicas, cancel);
        var scaled = await writer.GetAsync(kind, cluster.Workloads.Of(Deployments), scene.Key.Namespace, effect.Name, cancel);
        scene.Wrote(FloorKinds.Workload, scaled?.Metadata.ResourceVersion);
        scene.Tell(effect.Kind, $"Deployment {effect.Name} scaled from {scene.Seen!.Workload?.Replicas} to {effect.Replicas}");
    }
}
