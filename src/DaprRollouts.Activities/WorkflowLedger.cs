using System.Collections.Concurrent;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Activities;

/// <summary>
/// Which workflows are at work, as far as this process knows: one that is need not be woken, since it looks again before it rests. It is told apart from one that
/// rests, so that at most one wake-up is under way for each.
/// </summary>
public sealed class WorkflowLedger(TimeProvider time)
{
    // A workflow may be at work on another replica, or have been lost: after this long, nobody relies on it.
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _busySince = new();

    /// <summary>Raised when a workflow comes to rest, with the time when it looks by itself: what changed meanwhile is to be looked at.</summary>
    public event Action<string, DateTimeOffset?>? Rested;

    /// <summary>How long a workflow may still count as busy; null if it rests.</summary>
    public TimeSpan? BusyFor(string workflow) =>
        _busySince.TryGetValue(workflow, out var since) && since + Trust - time.GetUtcNow() is { Ticks: > 0 } left ? left : null;

    /// <summary>The workflow has been woken, or one of its activities has begun.</summary>
    public void Busy(string workflow) => _busySince[workflow] = time.GetUtcNow();

    /// <summary>An activity of the workflow ended with a move.</summary>
    public void Ended(string workflow, Move next)
    {
        switch (next)
        {
            case Perform:
                Busy(workflow);
                break;
            default:
                _busySince.TryRemove(workflow, out _);
                Rested?.Invoke(workflow, (next as Wait)?.Until);
                break;
        }
    }
}
