using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Executor.Triggers;

/// <summary>Watches the cluster, and lets changes start and wake workflows. Of several replicas only the elected one does; the others keep their caches up to date.</summary>
internal sealed class TriggerService(
    ClusterCache cluster, RolloutTrigger rollouts, AnalysisRunTrigger analysis, ExecutorOptions options, LeaderElection election, TimeProvider time) : BackgroundService
{
    // Slow enough to cost nothing, and soon enough for whoever waits for a workflow that was lost.
    private static readonly TimeSpan JanitorInterval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await cluster.StartAsync(stoppingToken);
            await (options.LeaderElect ? election.RunAsync(TriggerAsync, stoppingToken) : TriggerAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // That is how it is told to stop.
        }
    }

    private Task TriggerAsync(CancellationToken cancel) => Task.WhenAll(rollouts.RunAsync(cancel), analysis.RunAsync(cancel), SweepAsync(cancel));

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
            .AddSingleton(p => new LeaderElectionOptions(
                Environment.GetEnvironmentVariable("POD_NAMESPACE") is { Length: > 0 } own ? own : p.GetRequiredService<ClusterConnection>().Namespace,
                $"{Environment.MachineName}_{Guid.NewGuid():N}",
                p.GetRequiredService<ExecutorOptions>().InstanceId))
            .AddSingleton<LeaderElection>()
            .AddSingleton<WorkflowStarter>()
            .AddSingleton<RolloutTrigger>()
            .AddSingleton<AnalysisRunTrigger>()
            .AddHostedService<TriggerService>();
}
