using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>The columns of kinds that need no more than a few lines.</summary>
internal static class OtherColumns
{
    public static IReadOnlyList<TableColumn> NameAndAge { get; } = [Columns.Name, Columns.Age];

    public static IReadOnlyList<TableColumn> NameAndCreation { get; } = [Columns.Name, Columns.CreatedAt];

    public static IReadOnlyList<TableColumn> Namespace { get; } =
        [Columns.Name, Columns.Text("Status", n => n.Text("status", "phase")), Columns.Age];

    public static IReadOnlyList<TableColumn> ConfigMap { get; } =
        [Columns.Name, Columns.Number("Data", c => Count(c, "data") + Count(c, "binaryData")), Columns.Age];

    public static IReadOnlyList<TableColumn> Secret { get; } =
        [Columns.Name, Columns.Text("Type", s => s.Text("type")), Columns.Number("Data", s => Count(s, "data")), Columns.Age];

    public static IReadOnlyList<TableColumn> ServiceAccount { get; } =
        [Columns.Name, Columns.Number("Secrets", s => s.Array("secrets")?.Count), Columns.Age];

    public static IReadOnlyList<TableColumn> Lease { get; } =
        [Columns.Name, Columns.Text("Holder", l => l.Text("spec", "holderIdentity")), Columns.Age];

    public static IReadOnlyList<TableColumn> Binding { get; } =
        [Columns.Name, Columns.Text("Role", b => $"{b.Text("roleRef", "kind")}/{b.Text("roleRef", "name")}"), Columns.Age];

    public static IReadOnlyList<TableColumn> DisruptionBudget { get; } =
    [
        Columns.Name,
        Columns.Text("Min Available", b => b.At("spec", "minAvailable")?.ToString() ?? "N/A"),
        Columns.Text("Max Unavailable", b => b.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
        Columns.Number("Allowed Disruptions", b => b.Number("status", "disruptionsAllowed")),
        Columns.Age,
    ];

    public static IReadOnlyList<TableColumn> Autoscaler { get; } =
    [
        Columns.Name,
        Columns.Text("Reference", a => $"{a.Text("spec", "scaleTargetRef", "kind")}/{a.Text("spec", "scaleTargetRef", "name")}"),
        Columns.Text("MinPods", a => $"{a.Number("spec", "minReplicas")}"),
        Columns.Number("MaxPods", a => a.Number("spec", "maxReplicas")),
        Columns.Number("Replicas", a => a.Number("status", "currentReplicas")),
        Columns.Age,
    ];

    public static IReadOnlyList<TableColumn> Node { get; } =
    [
        Columns.Name,
        Columns.Text("Status", NodeStatus),
        Columns.Text("Roles", _ => "<none>"),
        Columns.Age,
        Columns.Text("Version", n => n.Text("status", "nodeInfo", "kubeletVersion")),
    ];

    public static IReadOnlyList<TableColumn> Event { get; } =
    [
        Columns.Timed("Last Seen", (e, now) => Columns.AgeOf(e.Time("lastTimestamp") ?? e.Time("eventTime") ?? e.Time("metadata", "creationTimestamp"), now)),
        Columns.Text("Type", e => e.Text("type")),
        Columns.Text("Reason", e => e.Text("reason")),
        Columns.Text("Object", e => $"{e.Text("involvedObject", "kind")?.ToLowerInvariant()}/{e.Text("involvedObject", "name")}"),
        Columns.Wide("Subobject", e => e.Text("involvedObject", "fieldPath")),
        Columns.Wide("Source", e => e.Text("source", "component") ?? e.Text("reportingComponent")),
        Columns.Text("Message", e => e.Text("message")?.Trim()),
        new TableColumn("First Seen", "string", "", "", 1, (e, now) => Columns.AgeOf(e.Time("firstTimestamp") ?? e.Time("eventTime"), now)),
        Columns.Wide("Count", e => $"{e.Number("count") ?? 1}"),
        Columns.Wide("Name", e => e.Text("metadata", "name")),
    ];

    private static string NodeStatus(JsonObject node)
    {
        var isReady = node.Objects("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");
        return (isReady ? "Ready" : "NotReady") + (node.Flag("spec", "unschedulable") == true ? ",SchedulingDisabled" : "");
    }

    private static long Count(JsonObject item, string field) => item.Object(field)?.Count ?? 0;
}
