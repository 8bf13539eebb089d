using Prometheus;

namespace DaprRollouts.Engine;

/// <summary>The engine's metrics.</summary>
internal static class EngineMetrics
{
    public static Counter Turns { get; } = Metrics.CreateCounter("workflow_engine_turns_total", "Workflow turns given to workers.");

    public static Counter Activities { get; } = Metrics.CreateCounter("workflow_engine_activities_total", "Activities given to workers.");

    public static Counter Dropped { get; } = Metrics.CreateCounter(
        "workflow_engine_dropped_answers_total", "Answers of workers that came twice, too late, or for nothing that was under way.");

    public static Histogram CommitSeconds { get; } = Metrics.CreateHistogram(
        "workflow_engine_commit_seconds",
        "Time of a commit, which may hold many turns.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 14) });

    public static Gauge Waiting { get; } = Metrics.CreateGauge("workflow_engine_queue_depth", "Work that waits for a worker.", "kind");

    public static Gauge UnderWay { get; } = Metrics.CreateGauge("workflow_engine_under_way", "Work that workers have in hand.", "kind");

    public static Gauge OldestPending { get; } = Metrics.CreateGauge(
        "workflow_engine_oldest_pending_seconds", "How long the oldest piece of work has waited for a worker.", "kind");

    public static Gauge Instances { get; } = Metrics.CreateGauge("workflow_engine_instances", "Instances by status.", "status");

    public static Gauge Workers { get; } = Metrics.CreateGauge("workflow_engine_workers", "Connected workers.");

    public static Gauge Waiters { get; } = Metrics.CreateGauge("workflow_engine_waiting_clients", "Clients that wait for an instance to reach a state.");

    public static Gauge InMemory { get; } = Metrics.CreateGauge("workflow_engine_instances_in_memory", "Instances held in memory.");

    public static Gauge DatabaseBytes { get; } = Metrics.CreateGauge("workflow_engine_database_bytes", "Size of the database.");
}
