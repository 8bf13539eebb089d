using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets Services select other revisions.</summary>
public sealed class SwitchServicesActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<SwitchServices>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(SwitchServices effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        foreach (var (service, hash) in effect.Switches)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = cluster.Services.Get(rollout.Namespace, service)?.Metadata.ResourceVersion,
                    ["annotations"] = new JsonObject { [ArgoNames.ManagedByRollouts] = rollout.Name },
                },
                ["spec"] = new JsonObject { ["selector"] = new JsonObject { [ArgoNames.PodTemplateHash] = hash } },
            };
            var written = await writer.PatchServiceAsync(cluster.Services, rollout.Namespace, service, patch, cancel);
            scene.Wrote(FloorKinds.Service, written.Metadata.ResourceVersion);
            var notice = new Notice(
                Reason.SwitchService, $"Switched selector for service '{service}' from '{scene.Seen.Services[service].Hash}' to '{hash}'");
            publisher.Record(rollout.Namespace, rollout.Name, notice);
            scene.Tell(effect.Kind, notice.Message);
        }
    }
}
