using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>The status that a Deployment shows.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Of(DeploymentPlan plan, DateTimeOffset now)
    {
        var status = new JsonObject { ["observedGeneration"] = plan.Deployment.Content.Number("metadata", "generation") ?? 0 };
        SetCount(status, "replicas", plan.All.Sum(s => s.Current));
        SetCount(status, "updatedReplicas", plan.New?.Current ?? 0);
        SetCount(status, "readyReplicas", plan.All.Sum(s => s.Ready));
        SetCount(status, "availableReplicas", plan.All.Sum(s => s.Available));
        SetCount(status, "unavailableReplicas", Math.Max(0, plan.All.Sum(s => s.Replicas) - plan.All.Sum(s => s.Available)));
        status["conditions"] = new JsonArray(Available(plan, now), Progressing(plan, status, now));
        return status;
    }

    public static bool IsComplete(DeploymentPlan plan) =>
        plan.New is { } @new && @new.Current == plan.Desired && @new.Available == plan.Desired && plan.All.Sum(s => s.Current) == plan.Desired;

    /// <summary>When the deadline for progress will have passed; null if nothing is awaited.</summary>
    public static DateTimeOffset? Deadline(StoredObject deployment) =>
        deployment.Spec.Number("progressDeadlineSeconds") is { } seconds
        && deployment.Condition("Progressing") is { } condition && condition.Text("status") == "True"
        && condition.Text("reason") is not ("NewReplicaSetAvailable" or "DeploymentPaused")
            ? condition.Time("lastUpdateTime")?.AddSeconds(seconds)
            : null;

    private static JsonObject Available(DeploymentPlan plan, DateTimeOffset now)
    {
        var enough = plan.All.Sum(s => s.Available) >= plan.Desired - plan.MaxUnavailable;
        return Condition(
            plan.Deployment, "Available", enough, enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", hasMoved: false, now);
    }

    private static JsonObject Progressing(DeploymentPlan plan, JsonObject status, DateTimeOffset now)
    {
        var name = plan.New is { } @new ? $"ReplicaSet \"{@new.Set.Key.Name}\"" : $"Deployment \"{plan.Deployment.Key.Name}\"";
        var old = plan.Deployment.Condition("Progressing");
        JsonObject Now(bool value, string reason, string message, bool hasMoved = false) =>
            Condition(plan.Deployment, "Progressing", value, reason, message, hasMoved, now);
        if (plan.Deployment.Spec.Flag("paused") == true)
        {
            return Condition(plan.Deployment, "Progressing", null, "DeploymentPaused", "Deployment is paused", false, now);
        }
        if (IsComplete(plan))
        {
            return Now(true, "NewReplicaSetAvailable", $"{name} has successfully progressed.");
        }
        if (HasMoved(plan, status))
        {
            return Now(true, old is null ? "NewReplicaSetCreated" : "ReplicaSetUpdated", old is null ? $"Created new {name}" : $"{name} is progressing.", hasMoved: true);
        }
        if (old?.Text("reason") == "ProgressDeadlineExceeded" || Deadline(plan.Deployment) <= now)
        {
            return Now(false, "ProgressDeadlineExceeded", $"{name} has timed out progressing.");
        }
        var isUnderWay = old?.Text("status") == "True" && old.Text("reason") is not ("NewReplicaSetAvailable" or "DeploymentPaused");
        return isUnderWay ? (JsonObject)old!.DeepClone() : Now(true, "ReplicaSetUpdated", $"{name} is progressing.", hasMoved: true);
    }

    private static bool HasMoved(DeploymentPlan plan, JsonObject status)
    {
        var before = plan.Deployment.Status;
        long Was(string field) => before.Number(field) ?? 0;
        long Is(string field) => status.Number(field) ?? 0;
        return Is("updatedReplicas") > Was("updatedReplicas")
            || Is("replicas") - Is("updatedReplicas") < Was("replicas") - Was("updatedReplicas")
            || Is("readyReplicas") > Was("readyReplicas")
            || Is("availableReplicas") > Was("availableReplicas");
    }

    private static JsonObject Condition(StoredObject deployment, string type, bool? value, string reason, string message, bool hasMoved, DateTimeOffset now)
    {
        var status = value switch { true => "True", false => "False", null => "Unknown" };
        var old = deployment.Condition(type);
        var isSame = old is not null && old.Text("status") == status && old.Text("reason") == reason;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastUpdateTime"] = isSame && !hasMoved ? old.Text("lastUpdateTime") : now.Timestamp(),
            ["lastTransitionTime"] = old?.Text("status") == status ? old.Text("lastTransitionTime") : now.Timestamp(),
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count > 0)
        {
            status[name] = count;
        }
    }
}
