using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>The columns of the kinds that make pods.</summary>
internal static class WorkloadColumns
{
    public static IReadOnlyList<TableColumn> ReplicaSet { get; } =
    [
        Columns.Name,
        Columns.Number("Desired", s => s.Number("spec", "replicas")),
        Columns.Number("Current", s => s.Number("status", "replicas")),
        Columns.Number("Ready", s => s.Number("status", "readyReplicas")),
        Columns.Age,
        .. Columns.WithPodTemplate,
    ];

    public static IReadOnlyList<TableColumn> Deployment { get; } =
    [
        Columns.Name,
        Columns.Text("Ready", Ready),
        Columns.Number("Up-to-date", d => d.Number("status", "updatedReplicas")),
        Columns.Number("Available", d => d.Number("status", "availableReplicas")),
        Columns.Age,
        .. Columns.WithPodTemplate,
    ];

    public static IReadOnlyList<TableColumn> StatefulSet { get; } = [Columns.Name, Columns.Text("Ready", Ready), Columns.Age];

    public static IReadOnlyList<TableColumn> DaemonSet { get; } =
    [
        Columns.Name,
        Columns.Number("Desired", s => s.Number("status", "desiredNumberScheduled")),
        Columns.Number("Ready", s => s.Number("status", "numberReady")),
        Columns.Age,
    ];

    public static IReadOnlyList<TableColumn> Job { get; } =
    [
        Columns.Name,
        Columns.Text("Completions", j => $"{j.Number("status", "succeeded") ?? 0}/{j.Number("spec", "completions") ?? 1}"),
        Columns.Timed("Duration", Duration),
        Columns.Age,
        .. Columns.WithPodTemplate,
    ];

    public static IReadOnlyList<TableColumn> CronJob { get; } =
    [
        Columns.Name,
        Columns.Text("Schedule", j => j.Text("spec", "schedule")),
        Columns.Text("Suspend", j => j.Flag("spec", "suspend") == true ? "True" : "False"),
        Columns.Age,
    ];

    private static string Ready(JsonObject item) => $"{item.Number("status", "readyReplicas") ?? 0}/{item.Number("spec", "replicas") ?? 0}";

    private static string? Duration(JsonObject job, DateTimeOffset now) =>
        job.Time("status", "startTime") is { } start ? Elapsed.Short((job.Time("status", "completionTime") ?? now) - start) : null;
}
