using DaprRollouts.Kubernetes.Watching;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprRollouts.Executor.Api;

/// <summary>Whether the caches hold the cluster.</summary>
internal sealed class ClusterHealth(ClusterCache cluster) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        cluster.HasSynced ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the first lists from the API server are not complete"));
}

/// <summary>Health: alive, and ready for work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok").ExcludeFromDescription();
        app.MapHealthChecks("/readyz", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Description ?? e.Value.Status.ToString()),
            }),
        });
    }
}
