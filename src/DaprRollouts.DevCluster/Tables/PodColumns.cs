using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>The columns of pods.</summary>
internal static class PodColumns
{
    public static IReadOnlyList<TableColumn> All { get; } =
    [
        Columns.Name,
        Columns.Text("Ready", p => $"{Statuses(p).Count(s => s.Flag("ready") == true)}/{p.Objects("spec", "containers").Count()}"),
        Columns.Text("Status", Status),
        Columns.Number("Restarts", p => Statuses(p).Sum(s => s.Number("restartCount") ?? 0)),
        Columns.Age,
        Columns.Wide("IP", p => p.Text("status", "podIP") ?? "<none>"),
        Columns.Wide("Node", p => p.Text("spec", "nodeName") ?? "<none>"),
        Columns.Wide("Nominated Node", p => p.Text("status", "nominatedNodeName") ?? "<none>"),
        Columns.Wide("Readiness Gates", Gates),
    ];

    private static IEnumerable<JsonObject> Statuses(JsonObject pod) => pod.Objects("status", "containerStatuses");

    private static string Status(JsonObject pod)
    {
        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }
        var states = Statuses(pod).Select(s => s["state"]);
        var reason = states.Select(s => s.Text("waiting", "reason") ?? s.Text("terminated", "reason")).FirstOrDefault(r => !string.IsNullOrEmpty(r));
        return reason ?? pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "";
    }

    private static string Gates(JsonObject pod)
    {
        var gates = pod.Objects("spec", "readinessGates").Select(g => g.Text("conditionType")).ToArray();
        var met = gates.Count(g => pod.Objects("status", "conditions").Any(c => c.Text("type") == g && c.Text("status") == "True"));
        return gates.Length == 0 ? "<none>" : $"{met}/{gates.Length}";
    }
}
