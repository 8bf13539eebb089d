using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine;

/// <summary>The instances in memory: those at work, and of the others the ones used last.</summary>
internal sealed class InstanceCache(int limit)
{
    private readonly Dictionary<string, LinkedListNode<Instance>> _instances = [];
    private readonly LinkedList<Instance> _byUse = new();

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

    public void Clear()
    {
        _instances.Clear();
        _byUse.Clear();
    }

    /// <summary>Lets go of what has not been used for longest; an instance with a turn under way stays.</summary>
    public void Trim()
    {
        for (var node = _byUse.Last; node is not null && _instances.Count > limit;)
        {
            var previous = node.Previous;
            if (node.Value.Turn is null)
            {
                _instances.Remove(node.Value.Id);
                _byUse.Remove(node);
            }

            node = previous;
        }
    }
}
