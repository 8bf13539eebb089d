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

/// <summary>Makes a revision's ReplicaSet.</summary>
public sealed class CreateReplicaSetActivity(RolloutTurn turn, RolloutObserver observer, ClusterCache cluster, ClusterWriter writer, StatusPublisher publisher)
    : WorkflowActivity<EffectInput, Report>
{
    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<CreateReplicaSet>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(CreateReplicaSet effect, RolloutScene scene, CancellationToken cancel)
    {
        var facts = new Facts(scene.Seen!, scene.Now);
        var rollout = facts.Rollout;
        try
        {
            var created = await writer.CreateAsync(Kinds.ReplicaSets, cluster.ReplicaSets, rollout.Namespace, Body(effect, facts), cancel);
            scene.Wrote(FloorKinds.ReplicaSet, created.Metadata.ResourceVersion);
            scene.Tell(effect.Kind, $"Created ReplicaSet {effect.Name} (revision {effect.Revision}) of size {effect.Replicas}");
        }
        catch (AlreadyExistsException)
        {
            await ResolveCollisionAsync(effect, scene, cancel);
        }
        catch (InvalidObjectException invalid) when (invalid.Problems is [var first, ..])
        {
            // What is wrong with the pod template has the same path in the Rollout.
            observer.Refusals.Add(rollout, invalid.Problems.FirstOrDefault(p => p.StartsWith("spec.", StringComparison.Ordinal)) ?? first);
        }
        catch (KubernetesApiException refused) when (refused is not ConflictException and not TooManyRequestsException && refused.StatusCode is >= 400 and < 500)
        {
            await ReportAsync(effect, scene, refused, cancel);
            throw;
        }
    }

    // The user learns of it, once; the try itself is repeated.
    private async Task ReportAsync(CreateReplicaSet effect, RolloutScene scene, KubernetesApiException refused, CancellationToken cancel)
    {
        var facts = new Facts(scene.Seen!, scene.Now);
        var message = $"Failed to create new replica set \"{effect.Name}\": {refused.Message}";
        var status = StatusProjection.Refused(facts, message);
        if (!ReferenceEquals(status, facts.Status))
        {
            await publisher.PublishAsync(scene, status, [new Notice(Reason.ReplicaSetCreateError, message, IsWarning: true)], cancel);
        }
    }

    // A ReplicaSet of that name that is ours was made by an earlier try; any other one has the same hash by accident, and the next try uses another.
    private async Task ResolveCollisionAsync(CreateReplicaSet effect, RolloutScene scene, CancellationToken cancel)
    {
        var rollout = scene.Seen!.Rollout;
        var existing = await writer.GetAsync(Kinds.ReplicaSets, cluster.ReplicaSets, rollout.Namespace, effect.Name, cancel);
        var ours = existing?.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == rollout.Uid) == true
            && Views.Of(existing).IsOf(rollout.Spec.Template!);
        if (existing is not null && !ours)
        {
            await publisher.PublishAsync(scene, rollout.Status with { CollisionCount = (rollout.Status.CollisionCount ?? 0) + 1 }, [], cancel);
        }
    }

    private static JsonObject Body(CreateReplicaSet effect, Facts facts)
    {
        var rollout = facts.Rollout;
        var (template, labels) = Template(effect, facts);

        var selector = ModelJson.ToNode(rollout.Spec.Selector!);
        var matchLabels = selector["matchLabels"] as JsonObject ?? [];
        selector["matchLabels"] = matchLabels;
        matchLabels[ArgoNames.PodTemplateHash] = effect.Hash;

        var annotations = new JsonObject(RevisionRules.Copied(rollout.Annotations).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)))
        {
            [ArgoNames.Revision] = effect.Revision.ToString(),
            [ArgoNames.DesiredReplicas] = (rollout.Spec.Replicas ?? 1).ToString(),
        };
        if (EphemeralMetadata.Write(PodMetadataRules.OfNew(facts)) is { } worn)
        {
            annotations[ArgoNames.EphemeralMetadata] = worn;
            annotations[OwnNames.PodMetadata] = worn;
        }

        return new JsonObject
        {
            ["apiVersion"] = Kinds.ReplicaSets.ApiVersion,
            ["kind"] = Kinds.ReplicaSets.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = effect.Name,
                ["namespace"] = rollout.Namespace,
                ["labels"] = labels,
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(Owner.Reference(rollout)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = effect.Replicas,
                ["minReadySeconds"] = rollout.Spec.MinReadySeconds ?? 0,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
    }

    // The pod template with all that is put into it, and the labels of the ReplicaSet, which are those of the template as written.
    private static (JsonObject Template, JsonObject Labels) Template(CreateReplicaSet effect, Facts facts)
    {
        var written = AntiAffinityTerm.Strip(facts.Spec.Template!);
        var template = RevisionRules.AntiAffinityOf(facts) is { } affinity
            ? AntiAffinityTerm.Inject(written, affinity, facts.StableHash, facts.Rollout.Namespace)
            : (JsonObject)written.DeepClone();
        var labels = written["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        labels[ArgoNames.PodTemplateHash] = effect.Hash;
        var change = EphemeralMetadata.Patch(
            EphemeralMetadata.Texts(labels), EphemeralMetadata.Texts(written["metadata"]?["annotations"]), EphemeralMetadata.None, PodMetadataRules.OfNew(facts), written);
        var metadata = MergePatch.Apply(template["metadata"] as JsonObject ?? [], new JsonObject { ["labels"] = labels.DeepClone() });
        template["metadata"] = MergePatch.Apply(metadata, change);
        return (template, labels);
    }
}
