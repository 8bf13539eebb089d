using DaprRollouts.Activities.Effects;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using Microsoft.Extensions.DependencyInjection;

namespace DaprRollouts.Activities;

/// <summary>Registers what activities work with.</summary>
public static class ActivityRegistration
{
    /// <summary>Registers it, for the Rollouts of a namespace (or all) and of an instance (or those of none).</summary>
    /// <param name="services">Where.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="policy">Which hosts metrics may not ask.</param>
    /// <param name="trust">Certificates of metric servers that are trusted beside those of the machine.</param>
    public static IServiceCollection AddRolloutActivities(
        this IServiceCollection services, string? ns, string? instanceId, MetricHostPolicy policy, MetricTrust? trust) =>
        services
            .AddSingleton(p => p.GetRequiredService<ClusterConnection>().Client)
            .AddSingleton(new ClusterCacheOptions(ns, instanceId))
            .AddSingleton<ClusterCache>()
            .AddSingleton<RouteCaches>()
            .AddSingleton<AnalysisComposer>()
            .AddSingleton<AnalysisRunPublisher>()
            .AddSingleton<AnalysisTurn>()
            .AddSingleton<ClusterWriter>()
            .AddSingleton<EventRecorder>()
            .AddSingleton<Measurer>()
            .AddSingleton(p => new MetricHttp(policy, p.GetRequiredService<TimeProvider>(), trust))
            .AddSingleton(p => new JobCluster(p.GetRequiredService<k8s.Kubernetes>(), Environment.GetEnvironmentVariable))
            .AddSingleton(p => new MetricAccounts(p.GetRequiredService<SecretReader>(), ControllerNamespace.Find(), Environment.GetEnvironmentVariable))
            .AddSingleton(new AwsAccount(Environment.GetEnvironmentVariable))
            .AddSingleton(p => ProviderCatalog.Create(
                p.GetRequiredService<MetricHttp>(),
                p.GetRequiredService<MetricAccounts>(),
                p.GetRequiredService<JobCluster>(),
                p.GetRequiredService<AwsAccount>(),
                p.GetRequiredService<TimeProvider>()))
            .AddSingleton<PodReader>()
            .AddSingleton<ReplicaSetWriter>()
            .AddSingleton<RolloutObserver>()
            .AddSingleton<RolloutTurn>()
            .AddSingleton<SecretReader>()
            .AddSingleton<RouteWriter>()
            .AddSingleton<ServiceReleaser>()
            .AddSingleton<SignalWriter>()
            .AddSingleton<StatusPublisher>()
            .AddSingleton<StrayJobs>()
            .AddSingleton<WorkflowLedger>();
}
