using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;

namespace DaprRollouts.Engine.Running;

/// <summary>The engine as its callers see it: what they ask is queued, and answered when it is durable. Someone must run it: a thread, or a test.</summary>
internal sealed class EmbeddedEngine : IDisposable
{
    private readonly RequestQueue _queue = new();
    private readonly EngineCore _core;
    private readonly TaskCreationOptions _answering;
    private readonly Retention? _retention;

    public EmbeddedEngine(EngineStore store, EngineSetting setting)
    {
        _answering = setting.AnswersInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
        _core = new EngineCore(store, setting, Post);
        _retention = setting.KeepsAll ? null : new Retention(setting, Post);
        Post(_core.Recovery.Start);
    }

    public EngineCore Core => _core;

    /// <summary>Makes a change, and returns when it is durable.</summary>
    public Task<T> AskAsync<T>(Func<Session, T> change)
    {
        var answer = new TaskCompletionSource<T>(_answering);
        Add(new Request(
            session =>
            {
                var result = change(session);
                session.AfterCommit(() => answer.TrySetResult(result));
            },
            e => answer.TrySetException(e)));
        return answer.Task;
    }

    /// <summary>Makes a change, and returns when an instance has reached a state.</summary>
    /// <param name="id">The instance; it need not exist.</param>
    /// <param name="reached">The state.</param>
    /// <param name="change">The change; it may refuse.</param>
    /// <param name="answer">What to tell of the instance then.</param>
    /// <param name="cancel">Ends the waiting; the change stands.</param>
    public async Task<T> AwaitAsync<T>(
        string id, Predicate<Instance> reached, Action<Session> change, Func<Instance, T> answer, CancellationToken cancel)
    {
        var told = new TaskCompletionSource<T>(_answering);
        var waiter = new Waiter(id, reached, instance => told.TrySetResult(answer(instance)));
        Add(new Request(
            session =>
            {
                change(session);
                session.AfterCommit(() => Wait(session, waiter));
            },
            e => told.TrySetException(e)));
        await using var registration = cancel.Register(() =>
        {
            waiter.GiveUp();
            Post(_ => _core.Waiters.Remove(waiter));
            told.TrySetCanceled(cancel);
        });
        return await told.Task;
    }

    /// <summary>Makes a change that nobody waits for.</summary>
    public void Post(Action<Session> change) => _queue.TryAdd(new Request(change, _ => { }));

    /// <summary>Does what has been asked so far, on the calling thread; false if there was nothing to do.</summary>
    public bool RunOnce()
    {
        if (_queue.Take() is not { Count: > 0 } group)
        {
            return false;
        }

        _core.Execute(group);
        return true;
    }

    /// <summary>Does what is asked, on the calling thread, until <see cref="Stop"/>.</summary>
    public void Run()
    {
        while (_queue.TakeOrWait() is { } group)
        {
            _core.Execute(group);
        }
    }

    /// <summary>Waits until something is asked; false if nothing is in time.</summary>
    public bool Wait(TimeSpan patience) => _queue.Wait(patience);

    public void Stop() => _queue.Close();

    /// <summary>Ends as a process does that is killed.</summary>
    public void Abandon()
    {
        Stop();
        _retention?.Dispose();
        _core.Abandon();
    }

    public void Dispose()
    {
        _retention?.Dispose();
        _core.Dispose();
    }

    private void Add(Request request)
    {
        if (!_queue.TryAdd(request))
        {
            request.Failed(EngineErrors.Stopping());
        }
    }

    private void Wait(Session session, Waiter waiter)
    {
        if (session.Find(waiter.Id) is { } instance && waiter.Reached(instance))
        {
            waiter.Answer(instance);
        }
        else
        {
            _core.Waiters.Add(waiter);
        }
    }
}
