using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Executor.Triggers;

/// <summary>Watches the cluster, and lets changes start and wake workflows.</summary>
internal sealed class TriggerService(ClusterCache cluster, RolloutTrigger rollouts, AnalysisRunTrigger analysis, TimeProvider time) : BackgroundService
{
    // Slow enough to cost nothing, and soon enough for whoever waits for a workflow that was lost.
    private static readonly TimeSpan JanitorInterval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await cluster.StartAsync(stoppingToken);
        await Task.WhenAll(rollouts.RunAsync(stoppingToken), analysis.RunAsync(stoppingToken), SweepAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(JanitorInterval, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            rollouts.CheckAll();
            analysis.CheckAll();
        }
    }
}

/// <summary>Registers the triggers.</summary>
public static class TriggerRegistration
{
    public static IServiceCollection AddTriggers(this IServiceCollection services) =>
        services
            .AddSingleton<WorkflowStarter>()
            .AddSingleton<RolloutTrigger>()
            .AddSingleton<AnalysisRunTrigger>()
            .AddHostedService<TriggerService>();
}
