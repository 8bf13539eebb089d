using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>What every controller works with.</summary>
internal sealed record ControllerContext(Registry Registry, Activity Activity, ILogger Logger)
{
    public static WriteOptions Writer { get; } = new("kube-controller-manager");

    public static WriteOptions StatusWriter { get; } = Writer with { Subresource = "status" };

    public ObjectStore Store => Registry.Store;

    public DateTimeOffset Now => Registry.Time.GetUtcNow();

    public ResourceType Type(string group, string plural) => Registry.Catalog.Get(group, "v1", plural);

    public Shelf ShelfOf(ResourceType type) => Store.ShelfOf(type.ShelfName);

    /// <summary>The objects of a type that an owner controls.</summary>
    public IEnumerable<StoredObject> ControlledBy(StoredObject owner, ResourceType type)
    {
        var shelf = ShelfOf(type);
        return Store.DependentsOf(owner.Uid).Where(d => d.Shelf == shelf && d.Object.Controller?.Uid == owner.Uid).Select(d => d.Object);
    }
}
