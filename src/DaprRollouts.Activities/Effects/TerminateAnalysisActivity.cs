using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Ends AnalysisRuns that are no longer wanted.</summary>
public sealed class TerminateAnalysisActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer) : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<TerminateAnalysis>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(TerminateAnalysis effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var name in effect.Names)
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } };
            var written = await writer.PatchAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, scene.Key.Namespace, name, patch, cancel: cancel);
            scene.Wrote(FloorKinds.AnalysisRun, written.Metadata.ResourceVersion);
            scene.Tell(effect.Kind, $"analysis {name} terminated");
        }
    }
}
