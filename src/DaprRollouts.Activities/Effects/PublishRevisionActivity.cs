using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Publishes the revision and its workflow on the Rollout.</summary>
public sealed class PublishRevisionActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<PublishRevision>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(PublishRevision effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        var isNew = rollout.Annotations.GetValueOrDefault(ArgoNames.Revision) != $"{effect.Revision}";
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { [ArgoNames.Revision] = $"{effect.Revision}", [OwnNames.WorkflowId] = effect.WorkflowId },
            },
        };
        if (effect.WorkloadGeneration is { } generation)
        {
            patch["metadata"]!["annotations"]![ArgoNames.WorkloadGeneration] = generation;
        }

        if (effect.DefaultReplicas)
        {
            // Autoscalers need a number to start from. The version guards against overwriting one that was written meanwhile.
            patch["metadata"]!["resourceVersion"] = cluster.Rollouts.Get(rollout.Namespace, rollout.Name)?.Metadata.ResourceVersion;
            patch["spec"] = new JsonObject { ["replicas"] = 1 };
        }

        var written = await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, rollout.Namespace, rollout.Name, patch, cancel: cancel);
        scene.Wrote(FloorKinds.Rollout, written.Metadata.ResourceVersion);
        if (isNew)
        {
            publisher.Record(rollout.Namespace, rollout.Name, new Notice(Reason.RolloutUpdated, $"Rollout updated to revision {effect.Revision}"));
            scene.Tell(effect.Kind, $"revision {effect.Revision} started");
            if (new Facts(scene.Seen, scene.Now) is { IsNewJustMade: true, New: { } made })
            {
                publisher.Record(rollout.Namespace, rollout.Name, new Notice(Reason.NewReplicaSetCreated, $"Created ReplicaSet {made.Name} (revision {effect.Revision})"));
            }
        }
    }
}
