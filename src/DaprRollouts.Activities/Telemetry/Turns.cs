using Prometheus;

namespace DaprRollouts.Activities.Telemetry;

/// <summary>How long it takes to look at an object, decide and act, and how often that fails, under the names of Argo Rollouts.</summary>
public sealed class Turns
{
    private static readonly double[] Buckets = [0.01, 0.15, 0.25, 0.5, 1];

    private Turns(string kind, string what)
    {
        Seconds = Prometheus.Metrics.CreateHistogram(
            $"{kind}_reconcile", $"Seconds that a turn at {what} takes.", ["namespace", "name"], new HistogramConfiguration { Buckets = Buckets });
        Errors = Prometheus.Metrics.CreateCounter($"{kind}_reconcile_error", $"Turns at {what} that failed, and are taken again.", "namespace", "name");
    }

    /// <summary>Turns at Rollouts.</summary>
    public static Turns OfRollouts { get; } = new("rollout", "a rollout");

    /// <summary>Turns at AnalysisRuns.</summary>
    public static Turns OfAnalysisRuns { get; } = new("analysis_run", "an analysis run");

    public Histogram Seconds { get; }

    public Counter Errors { get; }

    /// <summary>Takes a turn, and measures it.</summary>
    public async Task<T> MeasureAsync<T>(string ns, string name, Func<Task<T>> turn, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp(); // a measurement of this process, also where the product's clock is a test's
        try
        {
            return await turn();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Errors.WithLabels(ns, name).Inc();
            throw;
        }
        finally
        {
            Seconds.WithLabels(ns, name).Observe(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        }
    }
}
