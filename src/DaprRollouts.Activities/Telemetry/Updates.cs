using DaprRollouts.Core.Model;
using Prometheus;

namespace DaprRollouts.Activities.Telemetry;

/// <summary>How long updates took from start to end, by how they ended, under the names of Argo Rollouts.</summary>
public static class Updates
{
    private const string Superseded = "Superseded";

    private static readonly Histogram Total = Create(
        "rollout_duration_seconds", "Seconds from the start of an update to its end.", 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800);

    private static readonly Histogram Progression = Create(
        "rollout_progression_duration_seconds", "Seconds of an update in which nobody held it.", 30, 60, 120, 300, 600, 900, 1800, 3600);

    private static readonly Histogram ManualPause = Create(
        "rollout_manual_pause_duration_seconds", "Seconds of an update in which it waited for somebody.", 0, 60, 300, 600, 1800, 3600, 7200, 14400, 28800);

    /// <summary>Observes an update that has come to its end; to be called once the status that says so is stored.</summary>
    public static void Observe(RolloutDuration? before, RolloutDuration? after, DateTimeOffset now)
    {
        if (after?.FinishedAt is not null && before?.FinishedAt != after.FinishedAt)
        {
            Observe(after, after.CompletionStatus ?? "", after.FinishedAt.Value);
        }
        else if (before is { FinishedAt: null, RolloutStartedAt: { } started } && after?.RolloutStartedAt > started)
        {
            Observe(before, Superseded, now);
        }
    }

    private static void Observe(RolloutDuration update, string status, DateTimeOffset end)
    {
        if (update.RolloutStartedAt is not { } started)
        {
            return;
        }

        var total = Math.Max(0, (end - started).TotalSeconds);
        var held = (update.TotalManualPauseDurationSeconds ?? 0) + (update.ManualPauseStartedAt is { } since ? Math.Max(0, (end - since).TotalSeconds) : 0);
        Total.WithLabels(status).Observe(total);
        Progression.WithLabels(status).Observe(Math.Max(0, total - held));
        ManualPause.WithLabels(status).Observe(held);
    }

    private static Histogram Create(string name, string help, params double[] buckets) =>
        Prometheus.Metrics.CreateHistogram(name, help, ["status"], new HistogramConfiguration { Buckets = buckets });
}
