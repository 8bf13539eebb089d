using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Changes objects and their status.</summary>
internal sealed class Updating(ObjectStore store, ApiCatalog catalog, TimeProvider time)
{
    private static readonly string[] KeptMetadata =
        ["namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "generateName"];

    public StoredObject Update(ResourceType type, ObjectKey key, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        var shelf = store.ShelfOf(type.ShelfName);
        while (true)
        {
            var current = store.Find(shelf, key) ?? throw ApiFailure.NotFound(type, key.Name);
            var old = Registry.InVersion(current, type);
            var proposed = change(JsonTree.Copy(old));
            CheckIdentity(type, current, proposed, options);
            var next = Prepare(type, old, proposed, options);
            if (IsSame(old, next))
            {
                return current;
            }
            ManagedFields.Record(next, type, options, old, time.GetUtcNow());
            if (options.DryRun)
            {
                return StoredObject.Unstored(key, next);
            }
            VersionConversion.ToStored(next, type, catalog);
            var stored = IsFinished(next) ? store.TryRemove(shelf, current, next) : store.TryReplace(shelf, current, next);
            if (stored is not null)
            {
                return stored;
            }
        }
    }

    private static void CheckIdentity(ResourceType type, StoredObject current, JsonObject proposed, WriteOptions options)
    {
        var metadata = proposed.Ensure("metadata");
        var uid = metadata.Text("uid");
        if (!string.IsNullOrEmpty(uid) && uid != current.Uid)
        {
            if (options.IsPatch)
            {
                throw ApiFailure.Invalid(type, current.Key.Name, [FieldError.Quoted("metadata.uid", uid, "field is immutable")]);
            }
            throw ApiFailure.Conflict(type, current.Key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        }
        var version = metadata.Text("resourceVersion");
        if (!string.IsNullOrEmpty(version) && version != "0" && version != current.Revision.ToString())
        {
            throw ApiFailure.Outdated(type, current.Key.Name);
        }
        if (string.IsNullOrEmpty(version) && type.IsCustom)
        {
            throw ApiFailure.Invalid(type, current.Key.Name, [FieldError.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]);
        }
        if (metadata.Text("name") is { Length: > 0 } name && name != current.Key.Name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({name}) does not match the name on the URL ({current.Key.Name})");
        }
        if (type.IsNamespaced && metadata.Text("namespace") is { Length: > 0 } ns && ns != current.Key.Namespace)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private static JsonObject Prepare(ResourceType type, JsonObject old, JsonObject proposed, WriteOptions options)
    {
        Admission.Decode(type, proposed, options);
        var metadata = proposed.Ensure("metadata");
        var oldMetadata = old.Object("metadata")!;
        CheckDeletion(type, oldMetadata, metadata);
        metadata["name"] = oldMetadata.Text("name");
        foreach (var name in KeptMetadata)
        {
            metadata.SetOrRemove(name, oldMetadata[name]?.DeepClone());
        }
        metadata["resourceVersion"] = oldMetadata.Text("resourceVersion");
        metadata.SetOrRemove("managedFields", (metadata["managedFields"] ?? oldMetadata["managedFields"])?.DeepClone());
        var next = options.Subresource switch
        {
            "status" => WithStatusOf(type, old, proposed),
            "binding" or "finalize" => proposed, // These change what otherwise nobody may.
            _ => WithSpecOf(type, old, proposed),
        };
        Admission.Validate(type, next, old);
        return next;
    }

    /// <summary>Only a deletion sets its time, and once it has begun nobody can put it off.</summary>
    private static void CheckDeletion(ResourceType type, JsonObject old, JsonObject metadata)
    {
        var name = old.Text("name")!;
        if (metadata.Text("deletionTimestamp") is { } time && time != old.Text("deletionTimestamp"))
        {
            throw ApiFailure.Invalid(type, name, [FieldError.Quoted("metadata.deletionTimestamp", time, "field is immutable")]);
        }
        if (old.Text("deletionTimestamp") is not null && metadata.Texts("finalizers").Except(old.Texts("finalizers")).Any())
        {
            throw ApiFailure.Invalid(
                type, name, [FieldError.Forbidden("metadata.finalizers", "no new finalizers can be added if the object is being deleted")]);
        }
    }

    private static JsonObject WithSpecOf(ResourceType type, JsonObject old, JsonObject proposed)
    {
        if (type.HasStatus)
        {
            Carry(old, proposed, "status");
        }
        type.Rules.Update(proposed, old);
        if (type.TracksGeneration && HasNewSpec(type, old, proposed))
        {
            proposed.Ensure("metadata")["generation"] = (old.Number("metadata", "generation") ?? 0) + 1;
        }
        return proposed;
    }

    /// <summary>A status update leaves all else alone; of built-in kinds, annotations and owners can be written with it.</summary>
    private static JsonObject WithStatusOf(ResourceType type, JsonObject old, JsonObject proposed)
    {
        var next = JsonTree.Copy(old);
        Carry(proposed, next, "status");
        if (!type.IsCustom)
        {
            var metadata = next.Ensure("metadata");
            foreach (var name in (string[])["annotations", "finalizers", "labels", "ownerReferences"])
            {
                if (name != "labels" || type.StatusMayLabel)
                {
                    metadata.SetOrRemove(name, proposed.At("metadata", name)?.DeepClone());
                }
            }
        }
        return next;
    }

    private static void Carry(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            to.Remove(field);
        }
    }

    private static bool HasNewSpec(ResourceType type, JsonObject old, JsonObject proposed)
    {
        bool Counts(string field) => type.IsCustom
            ? field is not ("metadata" or "apiVersion" or "kind") && (field != "status" || !type.HasStatus)
            : field == "spec";
        return old.Select(f => f.Key).Union(proposed.Select(f => f.Key))
            .Any(field => Counts(field) && !JsonNode.DeepEquals(old[field], proposed[field]));
    }

    private static bool IsSame(JsonObject old, JsonObject next)
    {
        var oldMetadata = old.Object("metadata")!;
        var metadata = next.Object("metadata")!;
        return old.Count == next.Count && oldMetadata.Count == metadata.Count
            && old.All(f => f.Key == "metadata" || (next.ContainsKey(f.Key) && JsonNode.DeepEquals(f.Value, next[f.Key])))
            && oldMetadata.All(f => f.Key == "managedFields" || JsonNode.DeepEquals(f.Value, metadata[f.Key]));
    }

    private static bool IsFinished(JsonObject content)
    {
        var metadata = content["metadata"];
        return metadata.Text("deletionTimestamp") is not null
            && metadata.Array("finalizers") is null or { Count: 0 }
            && metadata.Number("deletionGracePeriodSeconds") is null or 0
            && content.Array("spec", "finalizers") is null or { Count: 0 };
    }
}
