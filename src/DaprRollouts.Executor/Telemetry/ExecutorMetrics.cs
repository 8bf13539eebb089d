using Prometheus;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>What the executor counts, besides what belongs to one part of it alone.</summary>
internal static class ExecutorMetrics
{
    private static readonly double[] WorkBuckets = [0.001, 0.01, 0.1, 1, 10];

    /// <summary>Events of Rollouts, under the name of Argo Rollouts.</summary>
    public static Counter Events { get; } = Metrics.CreateCounter("rollout_events_total", "Events of a rollout.", "namespace", "name", "type", "reason");

    /// <summary>Requests to the API server, under the name of Argo Rollouts.</summary>
    public static Counter ApiRequests { get; } = Metrics.CreateCounter(
        "controller_clientset_k8s_request_total", "Requests to the API server, without those that it asked to repeat.", "kind", "namespace", "name", "verb", "status_code");

    /// <summary>Objects that wait to be looked at, by queue.</summary>
    public static Gauge QueueDepth { get; } = Metrics.CreateGauge("workqueue_depth", "Objects that wait to be looked at.", "name");

    public static Counter QueueAdds { get; } = Metrics.CreateCounter("workqueue_adds_total", "Objects that were put into the queue.", "name");

    public static Counter QueueRetries { get; } = Metrics.CreateCounter("workqueue_retries_total", "Objects that were put into the queue for later.", "name");

    public static Histogram QueueWork { get; } = Metrics.CreateHistogram(
        "workqueue_work_duration_seconds", "Seconds that a look at an object takes.", ["name"], new HistogramConfiguration { Buckets = WorkBuckets });

    /// <summary>Workflows that were started, by name.</summary>
    public static Counter Started { get; } = Metrics.CreateCounter("dapr_rollouts_workflows_started_total", "Workflows that were started.", "workflow");

    /// <summary>Workflows that were told to look again.</summary>
    public static Counter Woken { get; } = Metrics.CreateCounter("dapr_rollouts_workflows_woken_total", "Workflows that were told to look again, by whether there was one.", "result");
}
