using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>The instances in memory: those at work, and of the others the ones used last.</summary>
internal sealed class InstanceCache(int limit)
{
    // Histories in memory take several times the room that they take in the store.
    private const long StoredBytesLimit = 16 * 1024 * 1024;

    private readonly Dictionary<string, LinkedListNode<Instance>> _instances = [];
    private readonly LinkedList<Instance> _byUse = new();

    public int Count => _instances.Count;

    public Instance? Find(string id, EngineStore store)
    {
        if (_instances.TryGetValue(id, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
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
        _instances[instance.Id] = _byUse.AddFirst(instance);
    }

    public void Remove(string id)
    {
        if (_instances.Remove(id, out var node))
        {
            _byUse.Remove(node);
        }
    }

    /// <summary>Lets go of what has not been used for longest, except what must stay.</summary>
    public void Trim(Func<Instance, bool> mustStay)
    {
        if (_instances.Count <= limit && _byUse.Count * 4096L < StoredBytesLimit)
        {
            return;
        }

        var (kept, bytes) = (0, 0L);
        for (var node = _byUse.First; node is not null;)
        {
            var next = node.Next;
            (kept, bytes) = (kept + 1, bytes + node.Value.StoredBytes);
            if ((kept > limit || bytes > StoredBytesLimit) && !mustStay(node.Value))
            {
                (kept, bytes) = (kept - 1, bytes - node.Value.StoredBytes);
                Remove(node.Value.Id);
            }

            node = next;
        }
    }
}
