using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>Picks work up again: at the start what the last run left, and after a failed commit what went with it.</summary>
internal sealed class Recovery : IDisposable
{
    private const int AtOnce = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly EngineStore _store;
    private readonly Dispatcher _dispatcher;
    private readonly Timers _timers;
    private readonly Action<Action<Session>> _post;
    private readonly ITimer _retry;
    private readonly HashSet<string> _lost = [];
    private volatile string? _problem;

    public Recovery(TimeProvider time, EngineStore store, Dispatcher dispatcher, Timers timers, Action<Action<Session>> post)
    {
        (_store, _dispatcher, _timers, _post) = (store, dispatcher, timers, post);
        _retry = time.CreateTimer(_ => post(Retry), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the engine cannot write; null if it can.</summary>
    public string? Problem => _problem;

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

    /// <summary>A commit has failed; what it held is read from the store again in a while.</summary>
    public void Failed(IReadOnlyList<string> lost, string problem)
    {
        _problem = problem;
        _lost.UnionWith(lost);
        _retry.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    public void Succeeded() => _problem = null;

    public void Dispose() => _retry.Dispose();

    private void Retry(Session session)
    {
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
