using DaprRollouts.Engine;
using DaprRollouts.Engine.InProcess;
using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>What the store keeps, for how long, and how often it is written to.</summary>
public sealed class RetentionTests
{
    private readonly VirtualTime _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private int _commits;

    [Fact]
    public async Task Ended_instances_are_deleted_when_their_time_is_over()
    {
        using var engine = Open(new RetentionPolicy { AnyTerminal = TimeSpan.FromHours(10), Terminated = TimeSpan.FromHours(1) });
        await StartAsync(engine, "alive");
        await StartAsync(engine, "terminated");
        await AskAsync(engine, s => s.Deliver(s.Get("terminated"), State.Terminated(s.Now)));

        await ExistsAsync(engine, "terminated", true);
        Pass(engine, TimeSpan.FromMinutes(50));
        await ExistsAsync(engine, "terminated", true);
        Pass(engine, TimeSpan.FromMinutes(20));
        await ExistsAsync(engine, "terminated", false);
        await ExistsAsync(engine, "alive", true);
    }

    [Fact]
    public async Task What_is_asked_together_is_committed_together()
    {
        using var engine = Open(new RetentionPolicy());
        var before = _commits;

        var asked = Enumerable.Range(0, 100).Select(i => StartAsync(engine, $"{i}", run: false)).ToList();
        engine.RunOnce();
        await Task.WhenAll(asked);

        Assert.Equal(before + 1, _commits);
        engine.RunOnce();
        Assert.Equal(before + 1, _commits);
    }

    [Fact]
    public async Task Only_so_many_idle_instances_are_kept_in_memory()
    {
        using var engine = Open(new RetentionPolicy(), cached: 10);
        for (var i = 0; i < 50; i++)
        {
            await StartAsync(engine, $"{i}");
        }

        Assert.Equal(10, engine.Core.InMemory);
        await ExistsAsync(engine, "0", true);
    }

    private EmbeddedEngine Open(RetentionPolicy policy, int cached = 100)
    {
        var options = new WorkflowEngineOptions { Retention = policy, CachedInstances = cached };
        var setting = new EngineSetting(options, _time, NullLogger.Instance)
        {
            AnswersInline = true, Probe = moment => _commits += moment == CommitMoment.After ? 1 : 0,
        };
        var engine = new EmbeddedEngine(new EngineStore(EngineDatabase.OpenInMemory()), setting);
        engine.RunOnce();
        return engine;
    }

    private static async Task StartAsync(EmbeddedEngine engine, string id, bool run = true)
    {
        var started = engine.AskAsync(s => Starts.Start(s, id, new CreateInstanceRequest { Name = "W" }).Id);
        if (run)
        {
            engine.RunOnce();
        }

        await started;
    }

    private static async Task<T> AskAsync<T>(EmbeddedEngine engine, Func<Session, T> change)
    {
        var asked = engine.AskAsync(change);
        engine.RunOnce();
        return await asked;
    }

    private static async Task ExistsAsync(EmbeddedEngine engine, string id, bool exists) =>
        Assert.Equal(exists, await AskAsync(engine, s => s.Find(id) is not null));

    private void Pass(EmbeddedEngine engine, TimeSpan span)
    {
        for (var end = _time.GetUtcNow() + span; _time.GetUtcNow() < end;)
        {
            _time.TryAdvance();
            engine.RunOnce();
        }
    }

    private static class State
    {
        public static HistoryEvent Terminated(DateTime now) => DaprRollouts.Engine.State.Events.Terminated(now, "", recurse: false);
    }
}
