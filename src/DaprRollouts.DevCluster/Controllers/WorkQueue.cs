using System.Threading.Channels;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>What one worker has to look at, each thing at most once, now or at a later time.</summary>
internal sealed class WorkQueue<T>(TimeProvider time, Activity activity) : IDisposable
    where T : notnull
{
    private readonly Channel<T> _ready = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly HashSet<T> _waiting = [];
    private readonly Dictionary<T, (DateTimeOffset Due, ITimer Timer)> _delayed = [];
    private bool _isDisposed;

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_isDisposed || !_waiting.Add(item))
            {
                return;
            }
            activity.Begin();
            _ready.Writer.TryWrite(item);
        }
    }

    /// <summary>Adds an item later; of several times the earliest holds.</summary>
    public void AddAfter(T item, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(item);
            return;
        }
        lock (_lock)
        {
            var due = time.GetUtcNow() + delay;
            if (_isDisposed || (_delayed.TryGetValue(item, out var delayed) && delayed.Due <= due))
            {
                return;
            }
            delayed.Timer?.Dispose();
            var timer = time.CreateTimer(_ => Wake(item, due), null, delay, Timeout.InfiniteTimeSpan);
            _delayed[item] = (due, timer);
        }
    }

    public async ValueTask<T> TakeAsync(CancellationToken cancellation)
    {
        var item = await _ready.Reader.ReadAsync(cancellation);
        lock (_lock)
        {
            _waiting.Remove(item);
        }
        return item;
    }

    /// <summary>To be called once for each item taken.</summary>
    public void Done() => activity.End();

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var (_, timer) in _delayed.Values)
            {
                timer.Dispose();
            }
            _delayed.Clear();
        }
    }

    private void Wake(T item, DateTimeOffset due)
    {
        lock (_lock)
        {
            if (!_delayed.TryGetValue(item, out var delayed) || delayed.Due != due)
            {
                return;
            }
            delayed.Timer.Dispose();
            _delayed.Remove(item);
        }
        Add(item);
    }
}
