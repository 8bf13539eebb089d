namespace DaprRollouts.Engine.Running;

/// <summary>Rings when the next timer is due. It holds one time only, however many timers wait.</summary>
internal sealed class Alarm : IDisposable
{
    // The clock may be set while a timer waits; it is looked at again at least this often.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _ring;
    private readonly ITimer _timer;
    private DateTime? _due;

    public Alarm(TimeProvider time, Action ring)
    {
        (_time, _ring) = (time, ring);
        _timer = time.CreateTimer(_ => LookAtClock(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes it ring at a time, unless it rings before.</summary>
    public void SetAtLatest(DateTime due)
    {
        lock (_gate)
        {
            if (_due is null || due < _due)
            {
                _due = due;
                Sleep();
            }
        }
    }

    /// <summary>Makes it ring at a time; null for never.</summary>
    public void Set(DateTime? due)
    {
        lock (_gate)
        {
            _due = due;
            Sleep();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void LookAtClock()
    {
        lock (_gate)
        {
            if (_due > _time.GetUtcNow().UtcDateTime)
            {
                Sleep();
                return;
            }
        }

        _ring();
    }

    private void Sleep()
    {
        if (_due is not { } due)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var sleep = due - _time.GetUtcNow().UtcDateTime;
        _timer.Change(sleep < TimeSpan.Zero ? TimeSpan.Zero : sleep > LongestSleep ? LongestSleep : RoundedUp(sleep), Timeout.InfiniteTimeSpan);
    }

    // Timers count whole milliseconds: a rounded-down one would ring in vain first.
    private static TimeSpan RoundedUp(TimeSpan sleep) => TimeSpan.FromMilliseconds(Math.Ceiling(sleep.TotalMilliseconds));
}
