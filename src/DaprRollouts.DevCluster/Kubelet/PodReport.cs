using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>Puts together the status that a kubelet reports of a pod.</summary>
internal static class PodReport
{
    /// <summary>Sets the conditions that are the kubelet's; the time of one that stays as it is stays, too.</summary>
    public static void SetConditions(JsonObject status, PodPlan plan, bool areContainersReady, DateTimeOffset now)
    {
        var conditions = status.Array("conditions") ?? [];
        if (conditions.Parent is null)
        {
            status["conditions"] = conditions;
        }
        var isReady = areContainersReady && plan.Gates.All(g => IsTrue(conditions, g));
        Set(conditions, "Initialized", true, null, now);
        Set(conditions, "ContainersReady", areContainersReady, areContainersReady ? null : "ContainersNotReady", now);
        Set(conditions, "Ready", isReady, isReady ? null : areContainersReady ? "ReadinessGatesNotReady" : "ContainersNotReady", now);
    }

    public static JsonArray ContainerStatuses(PodPlan plan, JsonObject state, bool isReady, int restarts = 0, JsonObject? lastState = null) =>
        new([.. plan.Containers.Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Text("name"),
            ["state"] = state.DeepClone(),
            ["lastState"] = lastState?.DeepClone() ?? new JsonObject(),
            ["ready"] = isReady,
            ["restartCount"] = restarts,
            ["image"] = c.Text("image"),
            ["imageID"] = "",
            ["started"] = isReady,
        })]);

    public static bool IsTrue(JsonArray? conditions, string type) =>
        conditions.Objects().Any(c => c.Text("type") == type && c.Text("status") == "True");

    private static void Set(JsonArray conditions, string type, bool value, string? reason, DateTimeOffset now)
    {
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type, ["lastProbeTime"] = null };
            conditions.Add((JsonNode)condition);
        }
        var status = value ? "True" : "False";
        if (condition.Text("status") != status)
        {
            condition["status"] = status;
            condition["lastTransitionTime"] = now.Timestamp();
        }
        condition.SetOrRemove("reason", reason);
    }
}
