using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Storage;

/// <summary>
/// All objects in memory, under one revision that grows with every write. Writes are short and take turns; readers take
/// immutable views and never wait.
/// </summary>
internal sealed class ObjectStore(int historyLimit)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Shelf> _shelves = new();
    private readonly OwnerIndex _owners = new();
    private long _revision = 1;

    /// <summary>Raised after each write, in order and under the lock: handlers only note what to look at.</summary>
    public event Action<Shelf, Change>? Committed;

    public long Revision => Interlocked.Read(ref _revision);

    public Shelf ShelfOf(string name) => _shelves.GetOrAdd(name, n => new Shelf(n, historyLimit));

    public StoredObject? Find(Shelf shelf, ObjectKey key)
    {
        lock (_lock)
        {
            return shelf.Find(key);
        }
    }

    public ShelfView View(Shelf shelf)
    {
        lock (_lock)
        {
            return new ShelfView(_revision, shelf.Objects, shelf.Tail);
        }
    }

    /// <summary>The view at an earlier revision; null if history does not reach back so far.</summary>
    public ShelfView? ViewAt(Shelf shelf, long revision)
    {
        lock (_lock)
        {
            return shelf.ObjectsAt(revision) is { } objects && shelf.LinkAt(revision) is { } link
                ? new ShelfView(revision, objects, link)
                : null;
        }
    }

    /// <summary>Where a watch goes on that has seen all up to a revision; null if that is forgotten.</summary>
    public Change? PositionAt(Shelf shelf, long revision)
    {
        lock (_lock)
        {
            return shelf.LinkAt(revision);
        }
    }

    public (Shelf Shelf, StoredObject Object)[] DependentsOf(string uid)
    {
        lock (_lock)
        {
            return [.. from d in _owners.DependentsOf(uid) let found = d.Shelf.Find(d.Key) where found is not null select (d.Shelf, found)];
        }
    }

    /// <summary>Stores a new object; null if there is one of that name.</summary>
    public StoredObject? TryCreate(Shelf shelf, ObjectKey key, JsonObject content)
    {
        lock (_lock)
        {
            return shelf.Find(key) is null ? Commit(shelf, ChangeKind.Added, key, content, null) : null;
        }
    }

    /// <summary>Stores the next version of an object; null if the given one is no longer the newest.</summary>
    public StoredObject? TryReplace(Shelf shelf, StoredObject current, JsonObject content)
    {
        lock (_lock)
        {
            return shelf.Find(current.Key) == current ? Commit(shelf, ChangeKind.Modified, current.Key, content, current) : null;
        }
    }

    /// <summary>Removes an object; null if the given one is no longer the newest. Returns its last version.</summary>
    public StoredObject? TryRemove(Shelf shelf, StoredObject current, JsonObject last)
    {
        lock (_lock)
        {
            return shelf.Find(current.Key) == current ? Commit(shelf, ChangeKind.Deleted, current.Key, last, current) : null;
        }
    }

    public void ForgetHistory()
    {
        lock (_lock)
        {
            foreach (var shelf in _shelves.Values)
            {
                shelf.ForgetHistory(_revision);
            }
        }
    }

    private StoredObject Commit(Shelf shelf, ChangeKind kind, ObjectKey key, JsonObject content, StoredObject? previous)
    {
        var stored = new StoredObject(key, _revision + 1, content);
        var change = new Change(stored.Revision, kind, stored, previous);
        // Whoever sees the new revision finds the change in the chain already, so that a bookmark never runs ahead.
        shelf.Record(change);
        _owners.Record(shelf, change);
        Interlocked.Exchange(ref _revision, stored.Revision);
        Committed?.Invoke(shelf, change);
        return stored;
    }
}
