using System.Collections.Immutable;
using Objects = System.Collections.Immutable.ImmutableSortedDictionary<
    string, System.Collections.Immutable.ImmutableSortedDictionary<string, DaprRollouts.DevCluster.Storage.StoredObject>>;

namespace DaprRollouts.DevCluster.Storage;

/// <summary>All objects of one type and their recent history. Only the store changes it, under its lock.</summary>
internal sealed class Shelf(string name, int historyLimit)
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> NoObjects =
        ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private Change _head = new(0, ChangeKind.Origin, null, null);
    private int _length;

    public string Name => name;

    public Objects Objects { get; private set; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, StoredObject>>(StringComparer.Ordinal);

    public Change Tail { get; private set; } = new(0, ChangeKind.Origin, null, null);

    /// <summary>The link after which history is complete; what came before is forgotten.</summary>
    public Change Head => _length == 0 ? Tail : _head;

    public StoredObject? Find(ObjectKey key) =>
        Objects.TryGetValue(key.Namespace, out var inNamespace) && inNamespace.TryGetValue(key.Name, out var found) ? found : null;

    public void Record(Change change)
    {
        Objects = Apply(Objects, change.Object.Key, change.Kind == ChangeKind.Deleted ? null : change.Object);
        if (_length == 0)
        {
            _head = Tail;
        }
        Tail.Append(change);
        Tail = change;
        _length++;
        if (_length > historyLimit)
        {
            _head = _head.Next.Result;
            _length--;
        }
    }

    public void ForgetHistory(long revision)
    {
        var origin = new Change(revision, ChangeKind.Origin, null, null);
        Tail.Append(origin);
        Tail = origin;
        _head = origin;
        _length = 0;
    }

    /// <summary>The objects as they were at a revision, got by undoing what came after; null if that is forgotten.</summary>
    public Objects? ObjectsAt(long revision)
    {
        if (Head.Revision > revision)
        {
            return null;
        }
        var later = new Stack<Change>();
        for (var link = Head; link != Tail;)
        {
            link = link.Next.Result;
            if (link.Revision > revision && link.Kind != ChangeKind.Origin)
            {
                later.Push(link);
            }
        }
        return later.Aggregate(Objects, (objects, change) => Apply(objects, change.Object.Key, change.Previous));
    }

    /// <summary>The last link up to a revision, from where a watch goes on; null if that is forgotten.</summary>
    public Change? LinkAt(long revision)
    {
        if (Head.Revision > revision)
        {
            return null;
        }
        var link = Head;
        while (link != Tail && link.Next.Result.Revision <= revision)
        {
            link = link.Next.Result;
        }
        return link;
    }

    private static Objects Apply(Objects objects, ObjectKey key, StoredObject? value)
    {
        var inNamespace = objects.GetValueOrDefault(key.Namespace, NoObjects);
        inNamespace = value is null ? inNamespace.Remove(key.Name) : inNamespace.SetItem(key.Name, value);
        return inNamespace.IsEmpty ? objects.Remove(key.Namespace) : objects.SetItem(key.Namespace, inNamespace);
    }
}
