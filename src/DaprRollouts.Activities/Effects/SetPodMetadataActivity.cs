using System.Text.Json.Nodes;
using Dapr.Workflow;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;
using k8s.Models;

namespace DaprRollouts.Activities.Effects;

/// <summary>Lets pods wear the labels and annotations of their role: first those to come, by the template, then those that live.</summary>
public sealed class SetPodMetadataActivity(RolloutTurn turn, ClusterCache cluster, ClusterWriter writer, ReplicaSetWriter replicaSets)
    : WorkflowActivity<EffectInput, Report>
{
    private const int AtOnce = 10;

    public override Task<Report> RunAsync(WorkflowActivityContext context, EffectInput input) =>
        turn.TakeAsync<SetPodMetadata>(input.Rollout, CarryOutAsync);

    private async Task CarryOutAsync(SetPodMetadata effect, RolloutScene scene, CancellationToken cancel)
    {
        foreach (var (name, metadata) in effect.Targets)
        {
            await SetAsync(scene, scene.Seen!.ReplicaSets.Single(r => r.Name == name), metadata, cancel);
            scene.Tell(effect.Kind, $"pods of ReplicaSet {name} wear {EphemeralMetadata.Write(metadata) ?? "nothing but what their template says"}");
        }
    }

    private async Task SetAsync(RolloutScene scene, ReplicaSetView rs, PodMetadata wanted, CancellationToken cancel)
    {
        var injected = EphemeralMetadata.Read(rs.Annotations, ArgoNames.EphemeralMetadata);
        var worn = EphemeralMetadata.Read(rs.Annotations, OwnNames.PodMetadata);
        var hasPods = rs.Pods > 0 || rs.Size > 0;
        if (!EphemeralMetadata.Same(injected, wanted) || !hasPods)
        {
            var template = scene.Seen!.Rollout.Spec.Template;
            var metadata = rs.Template?["metadata"] as JsonObject ?? [];
            var change = EphemeralMetadata.Patch(
                EphemeralMetadata.Texts(metadata["labels"]), EphemeralMetadata.Texts(metadata["annotations"]), injected, wanted, template);
            var annotations = new JsonObject { [ArgoNames.EphemeralMetadata] = EphemeralMetadata.Write(wanted) };
            if (!hasPods)
            {
                annotations[OwnNames.PodMetadata] = EphemeralMetadata.Write(wanted);
            }

            await replicaSets.PatchAsync(scene, rs.Name, annotations, new JsonObject { ["template"] = new JsonObject { ["metadata"] = change } }, cancel);
        }

        if (hasPods)
        {
            await DressPodsAsync(scene, rs, EphemeralMetadata.Union(injected, worn), wanted, cancel);
            await replicaSets.PatchAsync(scene, rs.Name, new JsonObject { [OwnNames.PodMetadata] = EphemeralMetadata.Write(wanted) }, null, cancel);
        }
    }

    private async Task DressPodsAsync(RolloutScene scene, ReplicaSetView rs, PodMetadata before, PodMetadata wanted, CancellationToken cancel)
    {
        var ns = scene.Key.Namespace;
        var owner = cluster.ReplicaSets.Get(ns, rs.Name)?.Metadata.Uid;
        var pods = await writer.ListAsync(Kinds.Pods, null, ns, $"{ArgoNames.PodTemplateHash}={rs.Hash}", cancel);
        await Parallel.ForEachAsync(
            pods.Where(p => p.Metadata.DeletionTimestamp is null && p.Metadata.OwnerReferences?.Any(o => o.Uid == owner) == true),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (pod, token) => await DressAsync(ns, pod, before, wanted, scene.Seen!.Rollout.Spec.Template, token));
    }

    private async Task DressAsync(string ns, V1Pod pod, PodMetadata before, PodMetadata wanted, JsonObject? template, CancellationToken cancel)
    {
        var change = EphemeralMetadata.Patch(Texts(pod.Metadata.Labels), Texts(pod.Metadata.Annotations), before, wanted, template);
        if (change.Count == 0)
        {
            return;
        }

        try
        {
            await writer.PatchPodAsync(ns, pod.Metadata.Name, new JsonObject { ["metadata"] = change }, cancel);
        }
        catch (NotFoundException)
        {
            // It has gone meanwhile, and the one in its place has the template's.
        }
    }

    private static Dictionary<string, string> Texts(IDictionary<string, string>? texts) => new(texts ?? new Dictionary<string, string>());
}
