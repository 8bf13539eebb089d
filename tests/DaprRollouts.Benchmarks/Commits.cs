using Prometheus;

namespace DaprRollouts.Benchmarks;

/// <summary>How often the engine has committed.</summary>
internal static class Commits
{
    // The engine's own histogram, which exists by then.
    private static readonly Histogram Seconds = Metrics.CreateHistogram("workflow_engine_commit_seconds", "");

    public static long Count => Seconds.Count;
}
