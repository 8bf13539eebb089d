using DaprRollouts.Engine.Running;
using Prometheus;

namespace DaprRollouts.Engine;

/// <summary>Reads the engine's gauges whenever metrics are collected.</summary>
internal static class EngineGauges
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Watch(EmbeddedEngine engine)
    {
        var watched = new WeakReference<EmbeddedEngine>(engine);
        Metrics.DefaultRegistry.AddBeforeCollectCallback(async cancel =>
        {
            if (watched.TryGetTarget(out var alive))
            {
                await ReadAsync(alive, cancel);
            }
        });
    }

    // An engine that is stopping or stuck in a write shows its last figures; the health check tells why.
    private static async Task ReadAsync(EmbeddedEngine engine, CancellationToken cancel)
    {
        var reading = engine.AskAsync(session => Show(engine.Core, session));
        await Task.WhenAny(reading, Task.Delay(Patience, cancel));
    }

    private static bool Show(EngineCore core, Session session)
    {
        var (turns, tasks) = (core.Dispatcher.Turns, core.Dispatcher.Tasks);
        EngineMetrics.Waiting.WithLabels("turn").Set(turns.Waiting.Count);
        EngineMetrics.Waiting.WithLabels("activity").Set(tasks.Waiting.Count);
        EngineMetrics.OldestPending.WithLabels("turn").Set(turns.Waiting.OldestWait.TotalSeconds);
        EngineMetrics.OldestPending.WithLabels("activity").Set(tasks.Waiting.OldestWait.TotalSeconds);
        EngineMetrics.UnderWay.WithLabels("turn").Set(turns.UnderWay);
        EngineMetrics.UnderWay.WithLabels("activity").Set(tasks.UnderWay);
        EngineMetrics.Workers.Set(core.Dispatcher.Workers);
        EngineMetrics.Waiters.Set(core.Waiters.Count);
        EngineMetrics.InMemory.Set(core.InMemory);
        EngineMetrics.DatabaseBytes.Set(session.Store.Bytes());
        var counts = core.Census.Counts;
        foreach (var status in Enum.GetValues<Protocol.OrchestrationStatus>())
        {
            EngineMetrics.Instances.WithLabels(status.ToString().ToLowerInvariant()).Set(counts.GetValueOrDefault(status));
        }

        return true;
    }
}
