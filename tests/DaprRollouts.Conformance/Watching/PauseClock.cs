using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Watching;

/// <summary>A clock that stands still, and tells of the pauses that are made before something is tried again.</summary>
internal sealed class PauseClock : FakeTimeProvider
{
    // Longer timers watch over something that may take too long.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Completes when there is a pause to pass over.</summary>
    public Task PausesAsync() => _pauses.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>Moves on to the end of every pause that has begun.</summary>
    public void PassPauses()
    {
        while (_pauses.Reader.TryRead(out var pause))
        {
            Advance(pause);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestPause)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }
}
