using System.Threading.Channels;
using DaprRollouts.Executor.Telemetry;
using Prometheus;

namespace DaprRollouts.Executor.Triggers;

/// <summary>A queue in which each key waits at most once and is worked on by one worker at a time; a key that comes back meanwhile is worked on again.</summary>
internal sealed class KeyedQueue<TKey>(string name, TimeProvider time)
    where TKey : notnull
{
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly Lock _lock = new();
    private readonly HashSet<TKey> _waiting = [];
    private readonly HashSet<TKey> _working = [];
    private readonly Gauge.Child _depth = ExecutorMetrics.QueueDepth.WithLabels(name);
    private readonly Counter.Child _adds = ExecutorMetrics.QueueAdds.WithLabels(name);
    private readonly Counter.Child _retries = ExecutorMetrics.QueueRetries.WithLabels(name);
    private readonly Histogram.Child _work = ExecutorMetrics.QueueWork.WithLabels(name);

    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (!_waiting.Add(key))
            {
                return;
            }

            _adds.Inc();
            _depth.Inc();
            if (!_working.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>Adds a key after a while.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        _retries.Inc();
        System.Threading.ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                Add(key);
                timer?.Dispose();
            },
            null,
            delay,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Works on keys until cancelled.</summary>
    public async Task WorkAsync(Func<TKey, Task> work, CancellationToken cancel)
    {
        await foreach (var key in _ready.Reader.ReadAllAsync(cancel))
        {
            lock (_lock)
            {
                _waiting.Remove(key);
                _depth.Dec();
                _working.Add(key);
            }

            try
            {
                using (_work.NewTimer())
                {
                    await work(key);
                }
            }
            finally
            {
                lock (_lock)
                {
                    _working.Remove(key);
                    if (_waiting.Contains(key))
                    {
                        _ready.Writer.TryWrite(key);
                    }
                }
            }
        }
    }
}
