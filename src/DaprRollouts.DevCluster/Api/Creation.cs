using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Creates objects.</summary>
internal sealed class Creation(ObjectStore store, ApiCatalog catalog, TimeProvider time)
{
    private const string SuffixLetters = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int MaxGeneratedBase = 63 - SuffixLength;

    public StoredObject Create(ResourceType type, string ns, JsonObject body, WriteOptions options)
    {
        var content = JsonTree.Copy(body);
        if (type.HasStatus)
        {
            content.Remove("status");
        }
        Admission.Decode(type, content, options);
        var metadata = content.Ensure("metadata");
        CheckNamespace(type, ns, metadata);
        if (!string.IsNullOrEmpty(metadata.Text("resourceVersion")))
        {
            throw ApiFailure.BadRequest("resourceVersion should not be set on objects to be created");
        }
        var now = time.GetUtcNow();
        var prefix = metadata.Text("generateName");
        var isGenerated = string.IsNullOrEmpty(metadata.Text("name")) && !string.IsNullOrEmpty(prefix);
        if (isGenerated)
        {
            metadata["name"] = Generate(prefix!);
        }
        SetSystemFields(type, metadata, now);
        type.Rules.Create(content);
        Admission.Validate(type, content, null);
        ManagedFields.Record(content, type, options, null, now);
        if (options.DryRun)
        {
            return Rehearse(type, content);
        }
        return Store(type, content, isGenerated);
    }

    private StoredObject Store(ResourceType type, JsonObject content, bool isGenerated)
    {
        var key = KeyOf(type, content);
        VersionConversion.ToStored(content, type, catalog);
        var stored = store.TryCreate(store.ShelfOf(type.ShelfName), key, content);
        if (stored is null && isGenerated)
        {
            throw new ApiFailure(409, "AlreadyExists", $"{type.QualifiedName} \"{key.Name}\" already exists, the server was not able to generate a unique name for the object");
        }
        return stored ?? throw ApiFailure.AlreadyExists(type, key.Name);
    }

    private StoredObject Rehearse(ResourceType type, JsonObject content)
    {
        var key = KeyOf(type, content);
        if (store.Find(store.ShelfOf(type.ShelfName), key) is not null)
        {
            throw ApiFailure.AlreadyExists(type, key.Name);
        }
        return StoredObject.Unstored(key, content);
    }

    private static ObjectKey KeyOf(ResourceType type, JsonObject content) =>
        new(type.IsNamespaced ? content.Text("metadata", "namespace")! : "", content.Text("metadata", "name")!);

    private static void SetSystemFields(ResourceType type, JsonObject metadata, DateTimeOffset now)
    {
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = now.Timestamp();
        foreach (var name in (string[])["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion", "generation", "managedFields"])
        {
            metadata.Remove(name);
        }
        if (type.TracksGeneration)
        {
            metadata["generation"] = 1;
        }
    }

    private void CheckNamespace(ResourceType type, string ns, JsonObject metadata)
    {
        if (!type.IsNamespaced)
        {
            metadata.Remove("namespace");
            return;
        }
        var named = metadata.Text("namespace");
        if (!string.IsNullOrEmpty(named) && named != ns)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata["namespace"] = ns;
        var found = store.Find(store.ShelfOf(catalog.Namespaces.ShelfName), new ObjectKey("", ns))
            ?? throw ApiFailure.NotFound(catalog.Namespaces, ns);
        if (found.IsDeleting)
        {
            throw ApiFailure.Forbidden(
                type, metadata.Text("name") ?? "", $"unable to create new content in namespace {ns} because it is being terminated",
                new JsonObject { ["reason"] = "NamespaceTerminating", ["message"] = $"namespace {ns} is being terminated", ["field"] = "metadata.namespace" });
        }
    }

    private static string Generate(string prefix) =>
        (prefix.Length > MaxGeneratedBase ? prefix[..MaxGeneratedBase] : prefix) + RandomNumberGenerator.GetString(SuffixLetters, SuffixLength);
}
