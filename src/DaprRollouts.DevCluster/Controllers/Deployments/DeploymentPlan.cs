using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>A ReplicaSet in numbers.</summary>
internal sealed record SetSize(StoredObject Set, int Replicas, int Current, int Ready, int Available)
{
    public static SetSize Of(StoredObject set) => new(
        set, (int)(set.Spec.Number("replicas") ?? 0), Count(set, "replicas"), Count(set, "readyReplicas"), Count(set, "availableReplicas"));

    private static int Count(StoredObject set, string field) => (int)(set.Status.Number(field) ?? 0);
}

/// <summary>A Deployment and its ReplicaSets as they are, and the sizes that they should have next.</summary>
internal sealed record DeploymentPlan(StoredObject Deployment, SetSize? New, IReadOnlyList<SetSize> Old)
{
    public int Desired => (int)(Deployment.Spec.Number("replicas") ?? 0);

    public IEnumerable<SetSize> All => New is null ? Old : Old.Append(New);

    public bool IsRecreated => Deployment.Spec.Text("strategy", "type") == "Recreate";

    public int MaxSurge => IsRecreated ? 0 : IntOrPercent.Resolve(Rolling["maxSurge"], Desired, roundUp: true);

    public int MaxUnavailable
    {
        get
        {
            if (IsRecreated || Desired == 0)
            {
                return 0;
            }
            var limit = Math.Min(Desired, IntOrPercent.Resolve(Rolling["maxUnavailable"], Desired, roundUp: false));
            return limit == 0 && MaxSurge == 0 ? 1 : limit;
        }
    }

    private JsonObject Rolling => Deployment.Spec.Object("strategy", "rollingUpdate") ?? [];
}
