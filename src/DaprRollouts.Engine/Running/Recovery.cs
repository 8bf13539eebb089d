using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>Picks work up again: at the start what the last run left, and after a failed commit what went with it.</summary>
internal sealed class Recovery : IDisposable
{
    private const int AtOnce = 200;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly EngineStore _store;
    private readonly Dispatcher _dispatcher;
    private readonly Timers _timers;
    private readonly Action<Action<Session>> _post;
    private readonly ITimer _retry;
    private readonly HashSet<string> _lost = [];
    private TimeSpan _pause = FirstPause;
    private bool _isPausing;
    private volatile string? _problem;

    public Recovery(TimeProvider time, EngineStore store, Dispatcher dispatcher, Timers timers, Action<Action<Session>> post)
    {
        (_store, _dispatcher, _timers, _post) = (store, dispatcher, timers, post);
        _retry = time.CreateTimer(_ => post(Retry), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the engine cannot write; null if it can.</summary>
    public string? Problem => _problem;

    /// <summary>How often it has been tried again to write.</summary>
    public int Tries { get; private set; }

    /// <summary>Begins with what the last run of the engine left.</summary>
    public void Start(Session session)
    {
        foreach (var id in _store.Stalled())
        {
            _dispatcher.Hold(id);
        }

        PickUp(session, new Queue<string>(_store.Unfinished()));
        _timers.LookAgain();
    }

    /// <summary>A commit has failed; what it held is read from the store again in a while, which grows as long as nothing can be written.</summary>
    /// <param name="lost">The instances that were part of it.</param>
    /// <param name="problem">Why; null if that is still to be found out.</param>
    public void Failed(IReadOnlyList<string> lost, string? problem)
    {
        _problem = problem ?? _problem;
        _lost.UnionWith(lost);
        if (!_isPausing)
        {
            _isPausing = true;
            _retry.Change(_pause, Timeout.InfiniteTimeSpan);
            var longer = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            _pause = problem is null ? _pause : longer;
        }
    }

    /// <summary>Something has been written: what was lost need not wait any longer.</summary>
    public void Succeeded()
    {
        if (_problem is not null)
        {
            (_problem, _pause) = (null, FirstPause);
            _retry.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _retry.Dispose();

    private void Retry(Session session)
    {
        _isPausing = false;
        if (_problem is not null)
        {
            // Nobody else may have anything to write, and then nobody would find out that one can.
            Tries++;
            _store.Probe();
            Succeeded();
        }

        PickUp(session, new Queue<string>(_lost));
        _lost.Clear();
        _timers.Fire(session);
    }

    private void PickUp(Session session, Queue<string> ids)
    {
        for (var i = 0; i < AtOnce && ids.TryDequeue(out var id); i++)
        {
            if (session.Find(id) is { } instance)
            {
                session.Run(instance, instance.Calls.Unanswered(CallKind.Task).Select(t => t.EventId));
                _dispatcher.Consider(instance);
            }
        }

        if (ids.Count > 0)
        {
            session.AfterCommit(() => _post(next => PickUp(next, ids)));
        }
    }
}
