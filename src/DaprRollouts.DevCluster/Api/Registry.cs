using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>
/// What the API server does to objects, for HTTP requests and controllers alike: every write passes through admission and
/// the rules of its kind.
/// </summary>
internal sealed class Registry
{
    private readonly Creation _creation;
    private readonly Updating _updating;
    private readonly Deletion _deletion;

    public Registry(ObjectStore store, ApiCatalog catalog, TimeProvider time)
    {
        Store = store;
        Catalog = catalog;
        Time = time;
        _creation = new Creation(store, catalog, time);
        _updating = new Updating(store, catalog, time);
        _deletion = new Deletion(store, time);
    }

    public ObjectStore Store { get; }

    public ApiCatalog Catalog { get; }

    public TimeProvider Time { get; }

    public StoredObject Create(ResourceType type, string ns, JsonObject body, WriteOptions options) =>
        _creation.Create(type, ns, body, options);

    /// <summary>Changes the newest version of an object, again if somebody else was faster.</summary>
    public StoredObject Update(ResourceType type, ObjectKey key, Func<JsonObject, JsonObject> change, WriteOptions options) =>
        _updating.Update(type, key, change, options);

    public (StoredObject Object, bool IsGone) Delete(ResourceType type, ObjectKey key, DeleteOptions delete, WriteOptions options) =>
        _deletion.Delete(type, key, delete, options);

    /// <summary>Sets the finalizers of a namespace; without any it goes, once it is being deleted.</summary>
    public StoredObject Finalize(ResourceType type, ObjectKey key, JsonArray? finalizers, WriteOptions options) => Update(
        type, key,
        content =>
        {
            content.Ensure("spec").SetOrRemove("finalizers", finalizers?.DeepClone());
            return content;
        },
        options with { Subresource = "finalize" });

    public StoredObject? Find(ResourceType type, ObjectKey key) => Store.Find(Store.ShelfOf(type.ShelfName), key);

    public StoredObject Get(ResourceType type, ObjectKey key) => Find(type, key) ?? throw ApiFailure.NotFound(type, key.Name);

    public ShelfView View(ResourceType type) => Store.View(Store.ShelfOf(type.ShelfName));

    /// <summary>The object in another version of its API.</summary>
    public static JsonObject InVersion(StoredObject stored, ResourceType type)
    {
        if (stored.Content.Text("apiVersion") == type.GroupVersion)
        {
            return stored.Content;
        }
        var content = stored.Copy();
        VersionConversion.Convert(content, type);
        return content;
    }
}
