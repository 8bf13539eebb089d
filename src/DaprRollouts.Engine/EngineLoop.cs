using System.Threading.Channels;
using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Storage;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine;

/// <summary>
/// The one thread that changes anything. Whatever is asked of it while a commit is under way is committed together next: many turns share one write to disk. Nobody hears
/// of a change before it is durable.
/// </summary>
internal sealed class EngineLoop : IAsyncDisposable
{
    private const int MaxGroup = 500;

    private const int TimersAtOnce = 1000;

    // The clock may be set while a timer waits; it is looked at again at least this often.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly EngineStore _store;
    private readonly InstanceCache _cache;
    private readonly InstanceWaiters _waiters;
    private readonly TimeProvider _time;
    private readonly ILogger<EngineLoop> _logger;
    private readonly ITimer _alarm;
    private readonly Task _running;
    private DateTime? _alarmAt;

    public EngineLoop(WorkflowEngineOptions options, WorkQueue work, InstanceWaiters waiters, TimeProvider time, ILogger<EngineLoop> logger)
    {
        (Work, _waiters, _time, _logger) = (work, waiters, time, logger);
        _store = new EngineStore(EngineDatabase.Open(options));
        _cache = new InstanceCache(options.CachedInstances);
        _alarm = time.CreateTimer(_ => Post(FireTimers), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Post(Recover);
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public WorkQueue Work { get; }

    /// <summary>Runs a change and returns when it is durable.</summary>
    public Task<T> RunAsync<T>(Func<EngineTransaction, T> change)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = _requests.Writer.TryWrite(new Request(
            tx =>
            {
                var result = change(tx);
                tx.AfterCommit(() => answer.TrySetResult(result));
            },
            e => answer.TrySetException(e)));
        if (!written)
        {
            answer.TrySetException(EngineErrors.Of(StatusCode.Unavailable, "the engine is stopping"));
        }

        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _alarm.DisposeAsync();
        _requests.Writer.TryComplete();
        await _running;
        _store.Dispose();
    }

    private void Post(Action<EngineTransaction> change) => _requests.Writer.TryWrite(new Request(
        change, e => _logger.LogError(e, "The engine could not carry on: {Problem}", e.Message)));

    private async Task Run()
    {
        List<Request> group = [];
        while (await _requests.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxGroup && _requests.Reader.TryRead(out var request))
            {
                group.Add(request);
            }

            Commit(group);
        }
    }

    private void Commit(List<Request> group)
    {
        var started = _time.GetTimestamp();
        var tx = new EngineTransaction(_store, _cache, _time.GetUtcNow().UtcDateTime);
        try
        {
            _store.Begin();
            foreach (var request in group)
            {
                Apply(tx, request);
            }

            _store.Commit();
        }
        catch (SqliteException e)
        {
            Undo(group, e);
            return;
        }

        EngineMetrics.Commits.Observe(_time.GetElapsedTime(started).TotalSeconds);
        EngineMetrics.Turns.Inc(tx.Work.Count(w => w.Task is null));
        EngineMetrics.Activities.Inc(tx.Work.Count(w => w.Task is not null));
        Work.Add(tx.Work);
        tx.Committed();
        _waiters.Tell(tx.Touched);
        _cache.Trim();
        SetAlarm(tx.EarliestTimer);
    }

    // A request that is refused must have changed nothing, so only what checks first may throw.
    private static void Apply(EngineTransaction tx, Request request)
    {
        try
        {
            request.Change(tx);
        }
        catch (RpcException e)
        {
            request.Failed(e);
        }
    }

    private void Undo(List<Request> group, SqliteException e)
    {
        _logger.LogError(e, "The engine could not write its data: {Problem}", e.Message);
        try
        {
            _store.Rollback();
        }
        catch (SqliteException rollback)
        {
            _logger.LogDebug("There was nothing to roll back: {Problem}", rollback.Message);
        }

        _cache.Clear();
        group.ForEach(r => r.Failed(EngineErrors.Of(StatusCode.Unavailable, $"the engine could not write its data: {e.Message}")));
        Post(Recover);
    }

    private void Recover(EngineTransaction tx)
    {
        foreach (var task in _store.Tasks())
        {
            tx.Work.Add(WorkTicket.ForTask(task));
        }

        foreach (var id in _store.InstancesWithInbox())
        {
            if (tx.Find(id) is { Turn: null } instance)
            {
                Turns.Begin(tx, instance);
            }
        }

        FireTimers(tx);
    }

    private void FireTimers(EngineTransaction tx)
    {
        _alarmAt = null;
        var due = _store.TakeTimers(tx.Now, TimersAtOnce);
        foreach (var timer in due)
        {
            Lifecycle.Fire(tx, timer);
        }

        tx.AfterCommit(() =>
        {
            if (due.Count == TimersAtOnce)
            {
                Post(FireTimers);
            }
            else
            {
                SetAlarm(_store.NextTimer());
            }
        });
    }

    private void SetAlarm(DateTime? at)
    {
        if (at is not { } due || due >= _alarmAt)
        {
            return;
        }

        _alarmAt = due;
        var sleep = due - _time.GetUtcNow().UtcDateTime;
        _alarm.Change(sleep < TimeSpan.Zero ? TimeSpan.Zero : sleep > LongestSleep ? LongestSleep : sleep, Timeout.InfiniteTimeSpan);
    }

    private sealed record Request(Action<EngineTransaction> Change, Action<Exception> Failed);
}
