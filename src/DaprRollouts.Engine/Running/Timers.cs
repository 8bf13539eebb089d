using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>Fires timers. They lie in the store; in memory there is only the time of the next one.</summary>
internal sealed class Timers : IDisposable
{
    private const int AtOnce = 500;

    private readonly EngineStore _store;
    private readonly Action<Action<Session>> _post;
    private readonly Alarm _alarm;
    private DateTime? _expected;

    public Timers(TimeProvider time, EngineStore store, Action<Action<Session>> post)
    {
        (_store, _post) = (store, post);
        _alarm = new Alarm(time, () => _post(Fire));
    }

    /// <summary>Notes timers that are about to be saved.</summary>
    public void Expect(IReadOnlyList<TimerMark> added)
    {
        foreach (var timer in added)
        {
            _expected = _expected is { } earlier && earlier < timer.Due ? earlier : timer.Due;
        }
    }

    /// <summary>Sets the alarm for the timers that have been saved since.</summary>
    public void Rearm()
    {
        if (_expected is { } due)
        {
            _expected = null;
            _alarm.SetAtLatest(due);
        }
    }

    /// <summary>Looks into the store for the next timer.</summary>
    public void LookAgain() => _alarm.Set(_store.NextTimer());

    /// <summary>Fires what is due: the firing takes the place of the timer, so that it happens once.</summary>
    public void Fire(Session session)
    {
        var due = _store.DueTimers(session.Now, AtOnce);
        foreach (var (id, mark) in due)
        {
            if (session.Find(id) is { } instance)
            {
                Fire(session, instance, mark);
            }
        }

        session.AfterCommit(() =>
        {
            if (due.Count == AtOnce)
            {
                _post(Fire);
            }
            else
            {
                LookAgain();
            }
        });
    }

    public void Dispose() => _alarm.Dispose();

    private static void Fire(Session session, Instance instance, TimerMark mark)
    {
        session.Touch(instance);
        if (mark.Timer == Due.Start)
        {
            instance.BeginNow();
        }
        else if (instance.Calls.Unanswered(new CallId(CallKind.Timer, mark.Timer)) is { } created)
        {
            session.Deliver(instance, Events.TimerFired(session.Now, created));
        }

        instance.Changes.RemovedTimers.Add(mark);
    }
}
