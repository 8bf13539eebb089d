using Prometheus;

namespace DaprRollouts.Engine;

/// <summary>The engine's metrics.</summary>
internal static class EngineMetrics
{
    public static Counter Turns { get; } = Metrics.CreateCounter("workflow_engine_turns_total", "Workflow turns given to workers.");

    public static Counter Activities { get; } = Metrics.CreateCounter("workflow_engine_activities_total", "Activities given to workers.");

    public static Histogram Commits { get; } = Metrics.CreateHistogram(
        "workflow_engine_commit_seconds",
        "Time of a commit, which may hold many turns.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 14) });

    public static Gauge Waiting { get; } = Metrics.CreateGauge("workflow_engine_queue_depth", "Turns and activities that wait for a worker.");
}
