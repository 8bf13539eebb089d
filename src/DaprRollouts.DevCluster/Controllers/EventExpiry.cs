using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Forgets events an hour after they were last written.</summary>
internal sealed class EventExpiry : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // Many events expire together, so that one timer does for all of a minute.
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly Worker<string> _worker;
    private readonly Queue<(DateTimeOffset Due, StoredObject Event)> _written = [];
    private readonly Lock _lock = new();

    public EventExpiry(ControllerContext context)
    {
        _context = context;
        _type = context.Type("", "events");
        _worker = new Worker<string>(context, Sweep);
        var events = context.ShelfOf(_type);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == events && change.Kind != ChangeKind.Deleted)
            {
                lock (_lock)
                {
                    _written.Enqueue((context.Now + Lifetime, change.Object));
                }
                _worker.Queue.AddAfter(events.Name, Lifetime);
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Sweep(string shelf)
    {
        while (Next() is { } written)
        {
            // One that was written again since has a later place in the queue.
            if (_context.Registry.Find(_type, written.Key) == written)
            {
                _context.Registry.Delete(_type, written.Key, new DeleteOptions { Uid = written.Uid }, ControllerContext.Writer);
            }
        }
        lock (_lock)
        {
            if (_written.TryPeek(out var next))
            {
                var wait = next.Due - _context.Now;
                _worker.Queue.AddAfter(shelf, wait > Round ? wait : Round);
            }
        }
    }

    private StoredObject? Next()
    {
        lock (_lock)
        {
            return _written.TryPeek(out var first) && first.Due <= _context.Now ? _written.Dequeue().Event : null;
        }
    }
}
