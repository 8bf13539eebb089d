using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>What controllers ask about a pod.</summary>
internal static class PodFacts
{
    public static string Phase(this StoredObject pod) => pod.Status.Text("phase") ?? "";

    public static bool IsOver(this StoredObject pod) => pod.Phase() is "Succeeded" or "Failed";

    public static bool IsActive(this StoredObject pod) => !pod.IsOver() && !pod.IsDeleting;

    public static bool IsReady(this StoredObject pod) => pod.Condition("Ready").Text("status") == "True";

    public static DateTimeOffset? ReadySince(this StoredObject pod) => pod.IsReady() ? pod.Condition("Ready").Time("lastTransitionTime") : null;

    /// <summary>Since when the pod counts as available, which is so long after it became ready; null while it is not ready.</summary>
    public static DateTimeOffset? AvailableFrom(this StoredObject pod, long minReadySeconds) =>
        pod.IsReady() ? (pod.ReadySince() ?? DateTimeOffset.MinValue).AddSeconds(minReadySeconds) : null;

    public static long Restarts(this StoredObject pod) => pod.Status.Objects("containerStatuses").Sum(s => s.Number("restartCount") ?? 0);

    public static JsonObject? Condition(this StoredObject item, string type) =>
        item.Status.Objects("conditions").FirstOrDefault(c => c.Text("type") == type);
}
