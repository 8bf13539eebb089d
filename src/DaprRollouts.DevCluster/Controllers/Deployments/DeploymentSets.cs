using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>Creates, sizes and removes the ReplicaSets of Deployments.</summary>
internal sealed class DeploymentSets(ControllerContext context, ResourceType deployments, ResourceType sets)
{
    public const string Revision = "deployment.kubernetes.io/revision";

    private const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    private const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private static readonly HashSet<string> NotInherited =
        [Revision, DesiredReplicas, MaxReplicas, "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision-history"];

    private readonly EventRecorder _events = new(context, "deployment-controller");
    private readonly Adoption _adoption = new(context, deployments, sets);

    public DeploymentPlan Observe(StoredObject deployment)
    {
        var claimed = _adoption.Claim(deployment).OrderBy(s => s.Content.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).ToList();
        var current = claimed.Find(s => TemplateHash.AreSame(s.Spec.At("template"), deployment.Spec.At("template")));
        return new DeploymentPlan(
            deployment, current is null ? null : SetSize.Of(current), [.. claimed.Where(s => s != current).Select(SetSize.Of)]);
    }

    /// <summary>Makes sure that the newest template has its ReplicaSet, with the highest revision.</summary>
    public void EnsureNew(DeploymentPlan plan)
    {
        var latest = plan.Old.Select(s => RevisionOf(s.Set)).DefaultIfEmpty(0).Max() + 1;
        if (plan.New is null)
        {
            Create(plan, latest);
        }
        else
        {
            var notes = Inherited(plan.Deployment);
            if (RevisionOf(plan.New.Set) < latest)
            {
                notes[Revision] = latest.ToString();
            }
            Annotate(sets, plan.New.Set, notes);
        }
        var revision = Math.Max(latest, plan.New is null ? 0 : RevisionOf(plan.New.Set)).ToString();
        Annotate(deployments, plan.Deployment, new() { [Revision] = revision });
    }

    /// <summary>Whether the number of replicas has changed since the sets got their sizes.</summary>
    public static bool IsRescaled(DeploymentPlan plan) => plan.All.Any(s =>
        s.Replicas > 0 && s.Set.Content.Text("metadata", "annotations", DesiredReplicas) is { } desired && desired != plan.Desired.ToString());

    public void Resize(DeploymentPlan plan, IEnumerable<(SetSize Set, int Replicas)> sizes)
    {
        foreach (var (size, replicas) in sizes)
        {
            context.Registry.Update(
                sets, size.Set.Key,
                content =>
                {
                    content.Ensure("spec")["replicas"] = replicas;
                    SetSizeNotes(content, plan);
                    return content;
                },
                ControllerContext.Writer);
            if (replicas != size.Replicas)
            {
                var direction = replicas > size.Replicas ? "up" : "down";
                _events.Normal(deployments, plan.Deployment, "ScalingReplicaSet", $"Scaled {direction} replica set {size.Set.Key.Name} to {replicas}");
            }
        }
    }

    /// <summary>Whether pods of older templates are still there, if only to end.</summary>
    public bool HasOldPods(DeploymentPlan plan) => plan.Old.Any(s => context.ControlledBy(s.Set, context.Registry.Catalog.Pods).Any(p => !p.IsOver()));

    public void RemoveOldest(DeploymentPlan plan)
    {
        var limit = (int)(plan.Deployment.Spec.Number("revisionHistoryLimit") ?? 10);
        var idle = plan.Old.Where(s => s is { Replicas: 0, Current: 0 } && !s.Set.IsDeleting).OrderBy(s => RevisionOf(s.Set)).ToList();
        foreach (var doomed in idle.Take(Math.Max(0, plan.Old.Count - limit)))
        {
            context.Registry.Delete(sets, doomed.Set.Key, new DeleteOptions { Uid = doomed.Set.Uid }, ControllerContext.Writer);
        }
    }

    private void Create(DeploymentPlan plan, long revision)
    {
        var deployment = plan.Deployment;
        var template = (JsonObject)deployment.Spec.At("template")!.DeepClone();
        var hash = TemplateHash.Of(template, deployment.Status.Number("collisionCount") ?? 0);
        template.Ensure("metadata", "labels")[TemplateHash.Label] = hash;
        var selector = (JsonObject)deployment.Spec.At("selector")!.DeepClone();
        selector.Ensure("matchLabels")[TemplateHash.Label] = hash;
        var content = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Key.Name}-{hash}",
                ["labels"] = template.At("metadata", "labels")!.DeepClone(),
                ["ownerReferences"] = new JsonArray(OwnerReference.Controller(deployments.GroupVersion, deployments.Kind, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = RollingUpdate.First(plan), ["selector"] = selector, ["template"] = template },
        };
        foreach (var (note, value) in Inherited(deployment).Append(KeyValuePair.Create(Revision, revision.ToString())))
        {
            content.Ensure("metadata", "annotations")[note] = value;
        }
        content.Ensure("spec").SetOrRemove("minReadySeconds", deployment.Spec.At("minReadySeconds")?.DeepClone());
        SetSizeNotes(content, plan);
        var created = context.Registry.Create(sets, deployment.Key.Namespace, content, ControllerContext.Writer);
        if (created.Spec.Number("replicas") is > 0 and var replicas)
        {
            _events.Normal(deployments, deployment, "ScalingReplicaSet", $"Scaled up replica set {created.Key.Name} to {replicas}");
        }
    }

    /// <summary>A set shows the annotations of its Deployment.</summary>
    private static Dictionary<string, string> Inherited(StoredObject deployment) =>
        (deployment.Content.Object("metadata", "annotations") ?? [])
        .Where(a => !NotInherited.Contains(a.Key)).ToDictionary(a => a.Key, a => a.Value.AsText() ?? "");

    private static void SetSizeNotes(JsonObject content, DeploymentPlan plan)
    {
        var notes = content.Ensure("metadata", "annotations");
        notes[DesiredReplicas] = plan.Desired.ToString();
        notes[MaxReplicas] = (plan.Desired + plan.MaxSurge).ToString();
    }

    private void Annotate(ResourceType type, StoredObject item, Dictionary<string, string> notes)
    {
        if (notes.All(n => item.Content.Text("metadata", "annotations", n.Key) == n.Value))
        {
            return;
        }
        context.Registry.Update(
            type, item.Key,
            content =>
            {
                foreach (var (name, value) in notes)
                {
                    content.Ensure("metadata", "annotations")[name] = value;
                }
                return content;
            },
            ControllerContext.Writer);
    }

    private static long RevisionOf(StoredObject set) =>
        long.TryParse(set.Content.Text("metadata", "annotations", Revision), out var revision) ? revision : 0;
}
