using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Storage;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace DaprRollouts.Engine.Running;

/// <summary>
/// All that the engine does, one group of requests after the other, on whichever thread calls it. What is asked together is committed together: many turns share one
/// write to the disk.
/// </summary>
internal sealed class EngineCore : IDisposable
{
    private readonly EngineStore _store;
    private readonly InstanceCache _cache;
    private readonly Identities _identities;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommitProbe? _probe;

    public EngineCore(EngineStore store, EngineSetting setting, Action<Action<Session>> post)
    {
        (_store, _time, _logger, _probe) = (store, setting.Time, setting.Logger, setting.Probe);
        _cache = new InstanceCache(setting.Options.CachedInstances);
        _identities = new Identities(store.LastInstanceKey(), store.LastInboxKey(), setting.Seed);
        Census = new StatusCensus(store);
        Dispatcher = new Dispatcher(setting, _identities);
        Timers = new Timers(setting.Time, store, post);
        Recovery = new Recovery(setting.Time, store, Dispatcher, Timers, post);
    }

    public Dispatcher Dispatcher { get; }

    public StatusCensus Census { get; }

    public Timers Timers { get; }

    public Recovery Recovery { get; }

    public Waiters Waiters { get; } = new();

    /// <summary>How many instances are in memory.</summary>
    public int InMemory => _cache.Count;

    /// <summary>The time of an event from outside that arrives now.</summary>
    public DateTime NextRaised(DateTime now) => _identities.NextRaised(now);

    public void Execute(IReadOnlyList<Request> group)
    {
        var session = new Session(_store, _cache, _identities, Dispatcher.Turns) { Now = _time.GetUtcNow().UtcDateTime };
        try
        {
            foreach (var request in group)
            {
                Apply(session, request);
            }

            foreach (var instance in session.Touched)
            {
                Dispatcher.Consider(instance);
            }

            // A turn only computes: it need not wait until what it is told is durable. Its answer is committed later than that in any case.
            Dispatcher.GiveTurns(session);
            Save(session);
        }
        catch (Exception e) when (e is not SimulatedCrash)
        {
            Isolate(session, group, e);
            return;
        }

        Publish(session);
    }

    public void Dispose()
    {
        StopTimers();
        _store.Dispose();
    }

    /// <summary>Ends as a process does that is killed: what has not been committed is gone.</summary>
    public void Abandon()
    {
        StopTimers();
        _store.Abandon();
    }

    private void StopTimers()
    {
        Timers.Dispose();
        Recovery.Dispose();
    }

    private static void Apply(Session session, Request request)
    {
        try
        {
            request.Change(session);
        }
        catch (RpcException e)
        {
            request.Failed(e);
        }

        session.DeliverMail();
    }

    private void Save(Session session)
    {
        var dirty = session.Touched.Where(InstanceWriter.IsDirty).ToList();
        if (dirty.Count == 0 && session.Removed.Count == 0)
        {
            return;
        }

        using var timing = EngineMetrics.CommitSeconds.NewTimer();
        _store.Begin();
        foreach (var instance in session.Removed.Where(i => i.Changes.SavedRow is not null))
        {
            Census.Note(instance.Changes.SavedRow?.Status, null);
            InstanceWriter.Delete(_store.Sql, instance);
        }

        foreach (var instance in dirty)
        {
            Timers.Expect(instance.Changes.AddedTimers);
            Census.Note(instance.Changes.SavedRow?.Status, instance.Status);
            InstanceWriter.Write(_store.Sql, instance);
            _cache.Measure(instance);
        }

        _probe?.Invoke(CommitMoment.Before);
        _store.Commit();
        _probe?.Invoke(CommitMoment.After);
        Census.Committed();
        Recovery.Succeeded();
    }

    private void Publish(Session session)
    {
        Dispatcher.GiveTasks(session);
        session.Committed();
        Waiters.Tell(session.Touched);
        Timers.Rearm();
        _cache.Trim(session.Now, i => Dispatcher.Turns.IsUnderWay(i.Id) || (i.IsEnded && i.Calls.Tasks > 0));
    }

    // One request must not take the others with it: each gets a group of its own. So those that only read are answered on a full disk, too.
    private void Isolate(Session session, IReadOnlyList<Request> group, Exception e)
    {
        var (code, problem) = e is SqliteException ? (StatusCode.Unavailable, SqliteTrouble.Explain(_store.Path, e)) : (StatusCode.Internal, e.Message);
        // What does not go away is told once.
        var level = e is SqliteException && Recovery.Problem is not null ? LogLevel.Debug : LogLevel.Error;
        if (group.Count > 1)
        {
            Undo(session, problem: null);
            foreach (var request in group)
            {
                Execute([request]);
            }

            return;
        }

        Undo(session, problem);
        _logger.Log(level, e, "The engine could not do what it was asked: {Problem}", problem);
        group[0].Failed(EngineErrors.Of(code, problem));
    }

    private void Undo(Session session, string? problem)
    {
        _store.Rollback();
        Census.RolledBack();
        List<string> lost = [.. session.Touched.Concat(session.Removed).Select(i => i.Id).Distinct()];
        lost.ForEach(_cache.Remove);
        lost.ForEach(Dispatcher.Turns.End);
        Recovery.Failed(lost, problem);
    }
}
