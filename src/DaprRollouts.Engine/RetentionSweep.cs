using DaprRollouts.Engine.Running;
using Microsoft.Extensions.Hosting;

namespace DaprRollouts.Engine;

/// <summary>Deletes instances that ended long ago, a few at a time.</summary>
internal sealed class RetentionSweep(EngineThread host, WorkflowEngineOptions options, TimeProvider time) : BackgroundService
{
    private const int AtOnce = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            while (await host.Engine.AskAsync(s => Purging.Expire(host.Engine.Core, s, options.Retention, AtOnce)) == AtOnce)
            {
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
    }
}
