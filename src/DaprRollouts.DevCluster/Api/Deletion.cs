using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Resources.Rules;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Deletes objects, at once or by marking them until their finalizers and grace period are over.</summary>
internal sealed class Deletion(ObjectStore store, TimeProvider time)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    private const long DefaultPodGrace = 30;

    public (StoredObject Object, bool IsGone) Delete(ResourceType type, ObjectKey key, DeleteOptions delete, WriteOptions options)
    {
        var shelf = store.ShelfOf(type.ShelfName);
        while (true)
        {
            var current = store.Find(shelf, key) ?? throw ApiFailure.NotFound(type, key.Name);
            CheckPreconditions(type, current, delete);
            var next = current.Copy();
            var isGone = Mark(type, next, delete);
            if (!isGone && JsonNode.DeepEquals(next, current.Content))
            {
                return (current, false);
            }
            if (options.DryRun)
            {
                return (StoredObject.Unstored(key, next), isGone);
            }
            var stored = isGone ? store.TryRemove(shelf, current, current.Copy()) : store.TryReplace(shelf, current, next);
            if (stored is not null)
            {
                return (stored, isGone);
            }
        }
    }

    private static void CheckPreconditions(ResourceType type, StoredObject current, DeleteOptions delete)
    {
        if (delete.Uid is { } uid && uid != current.Uid)
        {
            throw ApiFailure.Conflict(type, current.Key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        }
        if (delete.ResourceVersion is { } version && version != current.Revision.ToString())
        {
            throw ApiFailure.Conflict(type, current.Key.Name, $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {current.Revision}");
        }
    }

    /// <summary>Marks the object as being deleted; true if nothing keeps it.</summary>
    private bool Mark(ResourceType type, JsonObject content, DeleteOptions delete)
    {
        var metadata = content.Ensure("metadata");
        SetFinalizers(metadata, delete.Propagation);
        if (type is { Kind: "CustomResourceDefinition", IsCustom: false } && metadata.Text("deletionTimestamp") is null)
        {
            DefinitionRules.Terminate(content, time.GetUtcNow().Timestamp());
        }
        var grace = type is { Group: "", Kind: "Pod" } ? PodGrace(content, delete) : 0;
        var isKept = metadata.Array("finalizers") is { Count: > 0 } || content.Array("spec", "finalizers") is { Count: > 0 };
        var marked = metadata.Text("deletionTimestamp") is not null;
        if (!isKept && grace == 0)
        {
            return true;
        }
        if (marked && grace >= (metadata.Number("deletionGracePeriodSeconds") ?? 0))
        {
            return false;
        }
        metadata["deletionTimestamp"] = time.GetUtcNow().AddSeconds(grace).Timestamp();
        metadata["deletionGracePeriodSeconds"] = grace;
        if (!marked && metadata.Number("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }
        if (type is { Group: "", Kind: "Namespace" })
        {
            content.Ensure("status")["phase"] = "Terminating";
        }
        return false;
    }

    private static void SetFinalizers(JsonObject metadata, string? propagation)
    {
        if (propagation is null)
        {
            return;
        }
        var others = metadata.Texts("finalizers").Where(f => f is not (ForegroundFinalizer or OrphanFinalizer));
        var wanted = propagation switch
        {
            "Foreground" => others.Append(ForegroundFinalizer),
            "Orphan" => others.Append(OrphanFinalizer),
            _ => others,
        };
        metadata.SetOrRemove("finalizers", JsonTree.Strings(wanted));
    }

    private static long PodGrace(JsonObject pod, DeleteOptions delete)
    {
        var isBound = !string.IsNullOrEmpty(pod.Text("spec", "nodeName"));
        var isOver = pod.Text("status", "phase") is "Succeeded" or "Failed";
        return isBound && !isOver
            ? Math.Max(0, delete.GracePeriodSeconds ?? pod.Number("spec", "terminationGracePeriodSeconds") ?? DefaultPodGrace)
            : 0;
    }
}
