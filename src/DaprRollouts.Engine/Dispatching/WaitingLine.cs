namespace DaprRollouts.Engine.Dispatching;

/// <summary>Work that waits for a worker, each piece once: the oldest first, or in an order that a seed decides.</summary>
internal sealed class WaitingLine<T>(TimeProvider time, Random? order)
    where T : notnull
{
    private readonly LinkedList<(T Item, long Since)> _line = new();
    private readonly Dictionary<T, LinkedListNode<(T Item, long Since)>> _places = [];

    public int Count => _line.Count;

    /// <summary>How long the oldest piece has waited.</summary>
    public TimeSpan OldestWait => _line.First is { } oldest ? time.GetElapsedTime(oldest.Value.Since) : TimeSpan.Zero;

    public bool Contains(T item) => _places.ContainsKey(item);

    public void Add(T item)
    {
        if (!_places.ContainsKey(item))
        {
            _places[item] = _line.AddLast((item, time.GetTimestamp()));
        }
    }

    public bool TryTake(out T item)
    {
        if (_line.First is not { } node)
        {
            item = default!;
            return false;
        }

        for (var skipped = order?.Next(_line.Count) ?? 0; skipped > 0; skipped--)
        {
            node = node.Next!;
        }

        item = node.Value.Item;
        Remove(item);
        return true;
    }

    public void Remove(T item)
    {
        if (_places.Remove(item, out var node))
        {
            _line.Remove(node);
        }
    }
}
