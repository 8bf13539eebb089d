using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Resources.Rules;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Serves the kinds that custom resource definitions declare, and removes the objects of those that are deleted.</summary>
internal sealed class Definitions : IAsyncDisposable
{
    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly Worker<ObjectKey> _worker;

    public Definitions(ControllerContext context)
    {
        _context = context;
        _type = context.Type("apiextensions.k8s.io", "customresourcedefinitions");
        _worker = new Worker<ObjectKey>(context, Reconcile);
        var definitions = context.ShelfOf(_type);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == definitions)
            {
                Notice(change);
            }
            else if (change.Kind == ChangeKind.Deleted)
            {
                NoticeDeletion(shelf, definitions);
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    /// <summary>A kind is served as soon as its definition is stored, so that who sees the one may use the other.</summary>
    private void Notice(Change change)
    {
        var definition = change.Object;
        if (change.Kind == ChangeKind.Deleted)
        {
            _context.Registry.Catalog.Undefine(definition.Key.Name);
            return;
        }
        if (!JsonNode.DeepEquals(definition.Spec, change.Previous?.Spec))
        {
            _context.Registry.Catalog.Define(definition.Key.Name, CustomResources.Of(definition.Content));
        }
        if (definition.IsDeleting || !IsEstablished(definition))
        {
            _worker.Queue.Add(definition.Key);
        }
    }

    private void NoticeDeletion(Shelf shelf, Shelf definitions)
    {
        var key = new ObjectKey("", shelf.Name);
        if (definitions.Find(key) is { IsDeleting: true })
        {
            _worker.Queue.Add(key);
        }
    }

    private static bool IsEstablished(StoredObject definition) =>
        definition.Condition("Established").Text("status") == "True"
        && JsonNode.DeepEquals(definition.Spec.At("names"), definition.Status.At("acceptedNames"));

    private void Establish(StoredObject definition)
    {
        if (!IsEstablished(definition))
        {
            _context.Registry.Update(
                _type, definition.Key,
                content =>
                {
                    DefinitionRules.Establish(content, _context.Now.Timestamp());
                    return content;
                },
                ControllerContext.StatusWriter);
        }
    }

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { } definition)
        {
            return;
        }
        if (!definition.IsDeleting)
        {
            Establish(definition);
            return;
        }
        var isEmpty = true;
        if (_context.Registry.Catalog.OfShelf(key.Name) is { } type)
        {
            foreach (var item in _context.Registry.View(type).In(null))
            {
                isEmpty = false;
                if (!item.IsDeleting)
                {
                    _context.Registry.Delete(type, item.Key, new DeleteOptions { Uid = item.Uid }, ControllerContext.Writer);
                }
            }
        }
        if (isEmpty)
        {
            _context.Registry.Update(
                _type, key,
                content =>
                {
                    var kept = content.Texts("metadata", "finalizers").Where(f => f != DefinitionRules.CleanupFinalizer).ToArray();
                    content.Ensure("metadata").SetOrRemove("finalizers", JsonTree.Strings(kept));
                    return content;
                },
                ControllerContext.Writer);
        }
    }
}
