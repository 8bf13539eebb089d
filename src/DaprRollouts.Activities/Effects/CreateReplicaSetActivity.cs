using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities.Effects;

/// <summary>Makes a revision's ReplicaSet, without pods.</summary>
public sealed class CreateReplicaSetActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<CreateReplicaSet>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(CreateReplicaSet effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        try
        {
            var created = await writer.CreateAsync(Kinds.ReplicaSets, cluster.ReplicaSets, rollout.Namespace, Body(effect, rollout), cancel);
            scene.Wrote(nameof(ReplicaSet), created.Metadata.ResourceVersion);
            var notice = new Notice(Reason.NewReplicaSetCreated, $"Created ReplicaSet {effect.Name} (revision {effect.Revision})");
            publisher.Record(rollout.Namespace, rollout.Name, notice);
            scene.Tell(effect.Kind, notice.Message);
        }
        catch (AlreadyExistsException)
        {
            await ResolveCollisionAsync(effect, scene, cancel);
        }
    }

    // A ReplicaSet of that name that is ours was made by an earlier try; any other one has the same hash by accident, and the next try uses another.
    private async Task ResolveCollisionAsync(CreateReplicaSet effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        var existing = await writer.GetAsync(Kinds.ReplicaSets, cluster.ReplicaSets, rollout.Namespace, effect.Name, cancel);
        var ours = existing?.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == rollout.Uid) == true
            && existing.Spec?.Template is { } template && TemplateEquality.Same(template, rollout.Spec.Template!);
        if (existing is not null && !ours)
        {
            await publisher.PublishAsync(scene, rollout.Status with { CollisionCount = (rollout.Status.CollisionCount ?? 0) + 1 }, [], cancel);
        }
    }

    private static JsonObject Body(CreateReplicaSet effect, RolloutView rollout)
    {
        var template = (JsonObject)rollout.Spec.Template!.DeepClone();
        var metadata = template["metadata"] as JsonObject ?? [];
        template["metadata"] = metadata;
        var labels = metadata["labels"] as JsonObject ?? [];
        metadata["labels"] = labels;
        labels[ArgoNames.PodTemplateHash] = effect.Hash;

        var selector = ModelJson.ToNode(rollout.Spec.Selector!);
        var matchLabels = selector["matchLabels"] as JsonObject ?? [];
        selector["matchLabels"] = matchLabels;
        matchLabels[ArgoNames.PodTemplateHash] = effect.Hash;

        var annotations = new JsonObject(RevisionRules.Copied(rollout.Annotations).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)))
        {
            [ArgoNames.Revision] = effect.Revision.ToString(),
            [ArgoNames.DesiredReplicas] = (rollout.Spec.Replicas ?? 1).ToString(),
        };
        return new JsonObject
        {
            ["apiVersion"] = Kinds.ReplicaSets.ApiVersion,
            ["kind"] = Kinds.ReplicaSets.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = effect.Name,
                ["namespace"] = rollout.Namespace,
                ["labels"] = labels.DeepClone(),
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(Owner.Reference(rollout)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 0,
                ["minReadySeconds"] = rollout.Spec.MinReadySeconds ?? 0,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
    }
}
