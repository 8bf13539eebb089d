using System.Text;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using Prometheus;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>Serves <c>/metrics</c>: what was counted, and what the caches show at this moment.</summary>
internal static class MetricsEndpoint
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        // Those listen to every event source and meter of the runtime all the time, for series that nobody asked for.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        return services.AddHostedService<EndedSeries>();
    }

    public static void MapTelemetry(this WebApplication app)
    {
        app.Services.GetRequiredService<EventRecorder>().Recorded += e =>
        {
            if (e.InvolvedObject.Kind == Kinds.Rollouts.Kind)
            {
                ExecutorMetrics.Events.WithLabels(e.InvolvedObject.NamespaceProperty, e.InvolvedObject.Name, e.Type, e.Reason).Inc();
            }
        };
        app.MapGet("/metrics", WriteAsync).ExcludeFromDescription();
    }

    private static async Task WriteAsync(
        HttpResponse response, ClusterCache cluster, LeaderElection election, ExecutorOptions options, EventRecorder events, CancellationToken cancel)
    {
        response.ContentType = TextFormat;
        await Metrics.DefaultRegistry.CollectAndExportAsTextAsync(response.Body, cancel);
        var gauges = new Exposition();
        RolloutGauges.Write(gauges, cluster.Rollouts.List());
        AnalysisGauges.Write(gauges, cluster);
        OwnGauges.Write(gauges, cluster, election, options, events);
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(gauges.ToString()), cancel);
    }
}
