namespace DaprRollouts.Engine.InProcess;

/// <summary>
/// A clock that stands still until it is told to go on. Timers fire in the order of their times, and those of one time in the order in which they were set.
/// </summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    private DateTimeOffset _start = start;
    private long _elapsed;
    private long _order;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start.AddTicks(_elapsed);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed;
        }
    }

    /// <summary>Sets the clock, without any time passing: what waits for a span of time does not notice.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
        {
            _start += by;
        }
    }

    /// <summary>Lets time pass until the next timer fires, and fires it; false if there is none.</summary>
    public bool TryAdvance()
    {
        VirtualTimer? next;
        lock (_gate)
        {
            do
            {
                if (!_timers.TryDequeue(out next, out var place))
                {
                    return false;
                }

                if (next.Order == place.Order)
                {
                    _elapsed = Math.Max(_elapsed, place.Due);
                    next.Rearm(this);
                    break;
                }
            }
            while (true);
        }

        next.Fire();
        return true;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private long Schedule(VirtualTimer timer, TimeSpan after)
    {
        var order = ++_order;
        _timers.Enqueue(timer, (_elapsed + Math.Max(0, after.Ticks), order));
        return order;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>The place in the queue that counts; others are left over from before a change.</summary>
        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _period = period;
                Order = dueTime == Timeout.InfiniteTimeSpan ? 0 : time.Schedule(this, dueTime);
            }

            return true;
        }

        public void Rearm(VirtualTime clock) => Order = _period <= TimeSpan.Zero ? 0 : clock.Schedule(this, _period);

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
