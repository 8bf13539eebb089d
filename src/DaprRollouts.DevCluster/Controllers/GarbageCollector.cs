using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Deletes objects whose owners are gone, and lets owners go that wait for their dependents or leave them behind.</summary>
internal sealed class GarbageCollector : IAsyncDisposable
{
    private static readonly WriteOptions Writer = new("kube-controller-manager");

    private readonly ControllerContext _context;
    private readonly Worker<ObjectReference> _worker;

    public GarbageCollector(ControllerContext context)
    {
        _context = context;
        _worker = new Worker<ObjectReference>(context, Reconcile);
        context.Store.Committed += Notice;
        _worker.Start();
    }

    private enum OwnerState
    {
        Solid,
        WaitsForDependents,
        Absent,
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Notice(Shelf shelf, Change change)
    {
        var item = change.Object;
        if (change.Kind == ChangeKind.Deleted)
        {
            Add(_context.Store.DependentsOf(item.Uid));
            foreach (var owner in item.Owners)
            {
                AddOwner(item, owner);
            }
            return;
        }
        var isNewlyOwned = item.Owners.Length > 0 && (change.Previous is null || !change.Previous.Owners.SequenceEqual(item.Owners));
        if (isNewlyOwned || (item.IsDeleting && HasGarbageFinalizer(item)))
        {
            _worker.Queue.Add(new ObjectReference(shelf.Name, item.Key));
        }
        if (item.IsDeleting && change.Previous is { IsDeleting: false } && Has(item, Deletion.ForegroundFinalizer))
        {
            Add(_context.Store.DependentsOf(item.Uid));
        }
    }

    private void Add(IEnumerable<(Shelf Shelf, StoredObject Object)> items)
    {
        foreach (var (shelf, item) in items)
        {
            _worker.Queue.Add(new ObjectReference(shelf.Name, item.Key));
        }
    }

    private void AddOwner(StoredObject dependent, OwnerReference owner)
    {
        if (_context.Registry.Catalog.FindKind(owner.ApiVersion, owner.Kind) is { } type)
        {
            _worker.Queue.Add(new ObjectReference(type.ShelfName, new ObjectKey(type.IsNamespaced ? dependent.Key.Namespace : "", owner.Name)));
        }
    }

    private void Reconcile(ObjectReference reference)
    {
        var shelf = _context.Store.ShelfOf(reference.Shelf);
        if (_context.Store.Find(shelf, reference.Key) is not { } item || _context.Registry.Catalog.OfShelf(reference.Shelf) is not { } type)
        {
            return;
        }
        if (item.IsDeleting)
        {
            FinishDeletion(type, item);
            return;
        }
        if (item.Owners.Length == 0)
        {
            return;
        }
        var states = item.Owners.ToLookup(o => StateOf(item, o));
        if (states[OwnerState.Solid].Any())
        {
            var others = states[OwnerState.Absent].Concat(states[OwnerState.WaitsForDependents]).Select(o => o.Uid).ToHashSet();
            if (others.Count > 0)
            {
                Disown(type, item, others);
            }
            return;
        }
        var propagation = states[OwnerState.WaitsForDependents].Any() ? "Foreground" : Has(item, Deletion.OrphanFinalizer) ? "Orphan" : null;
        _context.Registry.Delete(type, item.Key, new DeleteOptions { Uid = item.Uid, Propagation = propagation }, Writer);
    }

    private void FinishDeletion(Resources.ResourceType type, StoredObject owner)
    {
        var dependents = _context.Store.DependentsOf(owner.Uid);
        if (Has(owner, Deletion.ForegroundFinalizer))
        {
            Add(dependents.Where(d => !d.Object.IsDeleting));
            if (!dependents.Any(d => d.Object.Owners.Any(o => o.Uid == owner.Uid && o.Blocks)))
            {
                RemoveFinalizer(type, owner, Deletion.ForegroundFinalizer);
            }
        }
        else if (Has(owner, Deletion.OrphanFinalizer))
        {
            foreach (var (shelf, dependent) in dependents)
            {
                if (_context.Registry.Catalog.OfShelf(shelf.Name) is { } dependentType)
                {
                    Disown(dependentType, dependent, [owner.Uid]);
                }
            }
            RemoveFinalizer(type, owner, Deletion.OrphanFinalizer);
        }
    }

    private OwnerState StateOf(StoredObject dependent, OwnerReference reference)
    {
        // An owner of a kind that is not served cannot be looked up: the dependent stays.
        if (_context.Registry.Catalog.FindKind(reference.ApiVersion, reference.Kind) is not { } type)
        {
            return OwnerState.Solid;
        }
        var owner = _context.Registry.Find(type, new ObjectKey(type.IsNamespaced ? dependent.Key.Namespace : "", reference.Name));
        if (owner is null || owner.Uid != reference.Uid)
        {
            return OwnerState.Absent;
        }
        return owner.IsDeleting && Has(owner, Deletion.ForegroundFinalizer) ? OwnerState.WaitsForDependents : OwnerState.Solid;
    }

    private void Disown(Resources.ResourceType type, StoredObject item, HashSet<string> uids) => _context.Registry.Update(
        type, item.Key,
        content =>
        {
            var kept = content.Objects("metadata", "ownerReferences").Where(o => !uids.Contains(o.Text("uid") ?? "")).Select(o => o.DeepClone());
            content.Ensure("metadata").SetOrRemove("ownerReferences", new JsonArray([.. kept]));
            return content;
        },
        Writer);

    private void RemoveFinalizer(Resources.ResourceType type, StoredObject item, string finalizer) => _context.Registry.Update(
        type, item.Key,
        content =>
        {
            var kept = content.Texts("metadata", "finalizers").Where(f => f != finalizer).ToArray();
            content.Ensure("metadata").SetOrRemove("finalizers", JsonTree.Strings(kept));
            return content;
        },
        Writer);

    private static bool HasGarbageFinalizer(StoredObject item) => Has(item, Deletion.ForegroundFinalizer) || Has(item, Deletion.OrphanFinalizer);

    private static bool Has(StoredObject item, string finalizer) => item.Content.Texts("metadata", "finalizers").Contains(finalizer);
}
