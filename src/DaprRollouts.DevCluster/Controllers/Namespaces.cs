using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Gives each namespace its default service account, and empties those that are being deleted.</summary>
internal sealed class Namespaces : IAsyncDisposable
{
    private const string DefaultAccount = "default";

    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly ResourceType _accounts;
    private readonly Worker<ObjectKey> _worker;

    public Namespaces(ControllerContext context)
    {
        _context = context;
        _type = context.Type("", "namespaces");
        _accounts = context.Type("", "serviceaccounts");
        _worker = new Worker<ObjectKey>(context, Reconcile);
        var namespaces = context.ShelfOf(_type);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == namespaces)
            {
                _worker.Queue.Add(change.Object.Key);
            }
            else if (change.Kind == ChangeKind.Deleted && change.Object.Key.Namespace.Length > 0)
            {
                NoticeDeletion(shelf, change.Object, namespaces);
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void NoticeDeletion(Shelf shelf, StoredObject item, Shelf namespaces)
    {
        var key = new ObjectKey("", item.Key.Namespace);
        var isAccount = shelf.Name == _accounts.ShelfName && item.Key.Name == DefaultAccount;
        if (isAccount || namespaces.Find(key) is { IsDeleting: true })
        {
            _worker.Queue.Add(key);
        }
    }

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { } ns)
        {
            return;
        }
        if (!ns.IsDeleting)
        {
            if (_context.Registry.Find(_accounts, new ObjectKey(key.Name, DefaultAccount)) is null)
            {
                var account = new JsonObject { ["metadata"] = new JsonObject { ["name"] = DefaultAccount } };
                _context.Registry.Create(_accounts, key.Name, account, ControllerContext.Writer);
            }
            return;
        }
        if (IsEmptied(key.Name))
        {
            _context.Registry.Finalize(_type, key, null, ControllerContext.Writer);
        }
    }

    /// <summary>Deletes what is in the namespace; true when nothing is left.</summary>
    private bool IsEmptied(string ns)
    {
        var isEmpty = true;
        foreach (var type in _context.Registry.Catalog.Stored.Where(t => t.IsNamespaced).ToArray())
        {
            foreach (var item in _context.Registry.View(type).In(ns))
            {
                isEmpty = false;
                if (!item.IsDeleting)
                {
                    var delete = new DeleteOptions { Uid = item.Uid, Propagation = "Background" };
                    _context.Registry.Delete(type, item.Key, delete, ControllerContext.Writer);
                }
            }
        }
        // What went at once has queued this namespace again already.
        return isEmpty;
    }
}
