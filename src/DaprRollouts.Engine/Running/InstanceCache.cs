using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>The instances in memory: those at work, and of the others the ones used last, for a while.</summary>
internal sealed class InstanceCache(int limit)
{
    // Histories in memory take several times the room that they take in the store.
    private const long StoredBytesLimit = 8 * 1024 * 1024;

    // Who waits for longer is likely to wait for much longer.
    private static readonly TimeSpan UnusedFor = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, LinkedListNode<Entry>> _instances = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _storedBytes;
    private DateTime _now;

    public int Count => _instances.Count;

    public Instance? Find(string id, EngineStore store)
    {
        if (_instances.TryGetValue(id, out var node))
        {
            node.Value.LastUse = _now;
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            return node.Value.Instance;
        }

        var loaded = store.Load(id);
        if (loaded is not null)
        {
            Add(loaded);
        }

        return loaded;
    }

    public void Add(Instance instance)
    {
        Remove(instance.Id);
        _instances[instance.Id] = _byUse.AddFirst(new Entry(instance) { LastUse = _now });
        Measure(instance);
    }

    public void Remove(string id)
    {
        if (_instances.Remove(id, out var node))
        {
            _byUse.Remove(node);
            _storedBytes -= node.Value.StoredBytes;
        }
    }

    /// <summary>Takes note of how large an instance is now.</summary>
    public void Measure(Instance instance)
    {
        if (_instances.TryGetValue(instance.Id, out var node))
        {
            _storedBytes += instance.StoredBytes - node.Value.StoredBytes;
            node.Value.StoredBytes = instance.StoredBytes;
        }
    }

    /// <summary>Lets go of what has not been used for long, and of more where there is too much, except what must stay.</summary>
    public void Trim(DateTime now, Func<Instance, bool> mustStay)
    {
        _now = now;
        for (var node = _byUse.Last; node is not null && (_instances.Count > limit || _storedBytes > StoredBytesLimit || node.Value.LastUse < now - UnusedFor);)
        {
            var used = node.Previous;
            if (!mustStay(node.Value.Instance))
            {
                Remove(node.Value.Instance.Id);
            }

            node = used;
        }
    }

    private sealed class Entry(Instance instance)
    {
        public Instance Instance => instance;

        public long StoredBytes { get; set; }

        public DateTime LastUse { get; set; }
    }
}
