using Microsoft.Extensions.Hosting;

namespace DaprRollouts.Engine;

/// <summary>Deletes instances that ended long ago.</summary>
internal sealed class RetentionSweep(EngineLoop engine, WorkflowEngineOptions options, TimeProvider time) : BackgroundService
{
    private const int AtOnce = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Retention <= TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            while (await engine.RunAsync(Sweep) == AtOnce)
            {
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private int Sweep(EngineTransaction tx)
    {
        var ended = tx.Store.EndedBefore(tx.Now - options.Retention, AtOnce);
        foreach (var id in ended)
        {
            tx.Store.Delete(id);
            tx.Forget(id);
        }

        return ended.Count;
    }
}
