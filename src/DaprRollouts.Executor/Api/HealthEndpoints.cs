using Dapr.Client;
using DaprRollouts.Kubernetes.Watching;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprRollouts.Executor.Api;

/// <summary>Whether the caches hold the cluster.</summary>
internal sealed class ClusterHealth(ClusterCache cluster) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        cluster.HasSynced ? HealthCheckResult.Healthy("The cluster is known.") : HealthCheckResult.Unhealthy("The first lists from the API server are not complete."));
}

/// <summary>Whether the Dapr sidecar can be used. Its own readiness is no measure: it waits for this app.</summary>
internal sealed class SidecarHealth(DaprClient sidecar) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await sidecar.CheckOutboundHealthAsync(cancellationToken)
            ? HealthCheckResult.Healthy("The sidecar answers.")
            : HealthCheckResult.Unhealthy("The Dapr sidecar does not answer: check DAPR_HTTP_ENDPOINT or DAPR_HTTP_PORT, and the sidecar's log.");
}

/// <summary>Health: alive, and ready for work.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of checks that readiness depends on.</summary>
    public const string Ready = "ready";

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok").ExcludeFromDescription();
        app.MapHealthChecks("/readyz", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(Ready),
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Description ?? e.Value.Status.ToString()),
            }),
        });
    }
}
