using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Watching;

/// <summary>
/// The newest known version of every object of a kind. Both the watch and the executor's own writes end here; whichever is newer by resource version stays, so
/// that a write is visible at once and a late watch event cannot undo it.
/// </summary>
public sealed class ResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, T>> _namespaces = [];
    private readonly Dictionary<string, ResourceIndex<T>> _indexes = [];
    private readonly RecentUids _deleted = new();
    private readonly Queue<ResourceChange<T>> _undelivered = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _delivering;
    private long _seenUpTo;

    /// <summary>Makes a cache.</summary>
    /// <param name="indexes">Names of indexes, each with the key of an object; null leaves it out.</param>
    public ResourceCache(params ReadOnlySpan<(string Name, Func<T, string?> Key)> indexes)
    {
        foreach (var (name, key) in indexes)
        {
            _indexes[name] = new ResourceIndex<T>(key);
        }
    }

    /// <summary>
    /// Raised after each change, one at a time and in order. An object that was made anew under its old name is two changes: the old one goes, the new one comes.
    /// </summary>
    public event Action<ResourceChange<T>>? Changed;

    /// <summary>Whether the first list is complete.</summary>
    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>The resource version up to which the watch has delivered everything.</summary>
    public long SeenUpTo => Volatile.Read(ref _seenUpTo);

    public Task WaitForSyncAsync(CancellationToken cancel = default) => _synced.Task.WaitAsync(cancel);

    public T? Get(string? ns, string name)
    {
        lock (_lock)
        {
            return Find(ns, name);
        }
    }

    public IReadOnlyCollection<T> List(string? ns = null)
    {
        lock (_lock)
        {
            return ns is null ? [.. _namespaces.Values.SelectMany(n => n.Values)] : _namespaces.TryGetValue(ns, out var objects) ? [.. objects.Values] : [];
        }
    }

    /// <summary>The objects with a key in an index.</summary>
    public IReadOnlyCollection<T> ByIndex(string index, string key)
    {
        lock (_lock)
        {
            return _indexes[index].Get(key);
        }
    }

    /// <summary>Puts a version of an object; one that is older than the known one is ignored, and so is one that was deleted.</summary>
    public void Upsert(T value)
    {
        lock (_lock)
        {
            Put(value);
        }

        Deliver();
    }

    /// <summary>Takes an object away, as it was deleted; one that was made since under the same name stays.</summary>
    public void Remove(T value)
    {
        lock (_lock)
        {
            _deleted.Add(value.Metadata.Uid);
            if (Find(value.Metadata.NamespaceProperty, value.Metadata.Name) is { } old && old.Metadata.Uid == value.Metadata.Uid)
            {
                Replace(old, null);
            }
        }

        Deliver();
    }

    /// <summary>Takes over a full list: what it does not have is gone, unless it was written after the list was read.</summary>
    internal void Reset(IReadOnlyCollection<T> listed, long resourceVersion)
    {
        lock (_lock)
        {
            var there = listed.Select(v => v.Metadata.Uid).ToHashSet();
            foreach (var old in _namespaces.Values.SelectMany(n => n.Values).Where(o => !there.Contains(o.Metadata.Uid) && Version(o) <= resourceVersion).ToList())
            {
                _deleted.Add(old.Metadata.Uid);
                Replace(old, null);
            }

            foreach (var value in listed)
            {
                Put(value);
            }
        }

        Deliver();
        Seen(resourceVersion);
        _synced.TrySetResult();
    }

    internal void Seen(long resourceVersion) => Volatile.Write(ref _seenUpTo, Math.Max(_seenUpTo, resourceVersion));

    private static long Version(T value) => long.TryParse(value.Metadata.ResourceVersion, out var version) ? version : 0;

    private T? Find(string? ns, string name) => _namespaces.GetValueOrDefault(ns ?? "")?.GetValueOrDefault(name);

    private void Put(T value)
    {
        var old = Find(value.Metadata.NamespaceProperty, value.Metadata.Name);
        if (_deleted.Contains(value.Metadata.Uid) || (old is not null && Version(old) >= Version(value)))
        {
            return;
        }

        if (old is not null && old.Metadata.Uid != value.Metadata.Uid)
        {
            _deleted.Add(old.Metadata.Uid);
            Replace(old, null);
            old = null;
        }

        Replace(old, value);
    }

    private void Replace(T? old, T? value)
    {
        var metadata = (value ?? old)!.Metadata;
        var ns = metadata.NamespaceProperty ?? "";
        if (!_namespaces.TryGetValue(ns, out var objects))
        {
            _namespaces[ns] = objects = [];
        }

        if (value is not null)
        {
            objects[metadata.Name] = value;
        }
        else if (objects.Remove(metadata.Name) && objects.Count == 0)
        {
            _namespaces.Remove(ns);
        }

        foreach (var index in _indexes.Values)
        {
            index.Replace(old, value);
        }

        _undelivered.Enqueue(new ResourceChange<T>(old, value));
    }

    // Outside of the lock, as who hears of a change may look into other caches, which may be telling of changes themselves.
    private void Deliver()
    {
        while (true)
        {
            ResourceChange<T>? change;
            lock (_lock)
            {
                if (_delivering || !_undelivered.TryDequeue(out change))
                {
                    return;
                }

                _delivering = true;
            }

            try
            {
                Changed?.Invoke(change);
            }
            finally
            {
                lock (_lock)
                {
                    _delivering = false;
                }
            }
        }
    }
}
