using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>A change of an object in a cache: from nothing, to another version, or to nothing.</summary>
public sealed record ResourceChange<T>(T? Old, T? New)
    where T : class;

/// <summary>
/// The newest known version of every object of a kind. Both the watch and the executor's own writes end here; whichever is newer by resource version stays, so
/// that a write is visible at once and a late watch event cannot undo it.
/// </summary>
public sealed class ResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // A late answer to a write of ours may bring back an object that was deleted meanwhile; as many uids are remembered as could be under way.
    private const int RememberedDeletions = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Namespace, string Name), T> _objects = [];
    private readonly Dictionary<string, (Func<T, string?> Key, Dictionary<string, HashSet<T>> Entries)> _indexes = [];
    private readonly HashSet<string> _deleted = [];
    private readonly Queue<string> _deletedInOrder = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a cache.</summary>
    /// <param name="indexes">Names of indexes, each with the key of an object; null leaves it out.</param>
    public ResourceCache(params ReadOnlySpan<(string Name, Func<T, string?> Key)> indexes)
    {
        foreach (var (name, key) in indexes)
        {
            _indexes[name] = (key, []);
        }
    }

    /// <summary>Raised after each change, one at a time.</summary>
    public event Action<ResourceChange<T>>? Changed;

    /// <summary>Whether the first list is complete.</summary>
    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>The resource version up to which the watch has delivered everything.</summary>
    public long SeenUpTo { get; private set; }

    public Task WaitForSyncAsync(CancellationToken cancel = default) => _synced.Task.WaitAsync(cancel);

    public T? Get(string? ns, string name)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault((ns ?? "", name));
        }
    }

    public IReadOnlyCollection<T> List(string? ns = null)
    {
        lock (_lock)
        {
            return ns is null ? [.. _objects.Values] : [.. _objects.Where(o => o.Key.Namespace == ns).Select(o => o.Value)];
        }
    }

    /// <summary>The objects with a key in an index.</summary>
    public IReadOnlyCollection<T> ByIndex(string index, string key)
    {
        lock (_lock)
        {
            return _indexes[index].Entries.TryGetValue(key, out var objects) ? [.. objects] : [];
        }
    }

    /// <summary>Puts a version of an object; one that is older than the known one is ignored, and so is one that was deleted.</summary>
    public void Upsert(T value)
    {
        lock (_lock)
        {
            var key = Key(value);
            var old = _objects.GetValueOrDefault(key);
            var version = Version(value);
            if ((old is not null && old.Metadata.Uid == value.Metadata.Uid && Version(old) >= version)
                || _deleted.Contains(value.Metadata.Uid ?? ""))
            {
                return;
            }

            Replace(key, old, value);
        }
    }

    /// <summary>Takes an object away, as the watch reported it deleted.</summary>
    public void Remove(T value)
    {
        lock (_lock)
        {
            if (value.Metadata.Uid is { } uid && _deleted.Add(uid))
            {
                _deletedInOrder.Enqueue(uid);
                if (_deletedInOrder.Count > RememberedDeletions)
                {
                    _deleted.Remove(_deletedInOrder.Dequeue());
                }
            }

            if (_objects.TryGetValue(Key(value), out var old) && old.Metadata.Uid == value.Metadata.Uid)
            {
                Replace(Key(value), old, null);
            }
        }
    }

    /// <summary>Takes over a full list: what it does not have is gone, unless it was written after the list was read.</summary>
    internal void Reset(IReadOnlyCollection<T> listed, long resourceVersion)
    {
        lock (_lock)
        {
            var keys = listed.Select(Key).ToHashSet();
            foreach (var (key, old) in _objects.Where(o => !keys.Contains(o.Key) && Version(o.Value) <= resourceVersion).ToList())
            {
                Replace(key, old, null);
            }
        }

        foreach (var value in listed)
        {
            Upsert(value);
        }

        Seen(resourceVersion);
        _synced.TrySetResult();
    }

    internal void Seen(long resourceVersion) => SeenUpTo = Math.Max(SeenUpTo, resourceVersion);

    internal static long Version(T value) => long.TryParse(value.Metadata.ResourceVersion, out var version) ? version : 0;

    private static (string Namespace, string Name) Key(T value) => (value.Metadata.NamespaceProperty ?? "", value.Metadata.Name);

    private void Replace((string Namespace, string Name) key, T? old, T? value)
    {
        if (value is null)
        {
            _objects.Remove(key);
        }
        else
        {
            _objects[key] = value;
        }

        foreach (var (keyOf, entries) in _indexes.Values)
        {
            if (old is not null && keyOf(old) is { } before && entries.TryGetValue(before, out var left))
            {
                left.Remove(old);
                if (left.Count == 0)
                {
                    entries.Remove(before);
                }
            }

            if (value is not null && keyOf(value) is { } now)
            {
                if (!entries.TryGetValue(now, out var set))
                {
                    entries[now] = set = [];
                }

                set.Add(value);
            }
        }

        Changed?.Invoke(new ResourceChange<T>(old, value));
    }
}
