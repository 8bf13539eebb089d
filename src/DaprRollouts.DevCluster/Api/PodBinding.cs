using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Assigns pods to nodes.</summary>
internal static class PodBinding
{
    public static StoredObject Bind(Registry registry, ResourceType type, ObjectKey key, string node, string? uid, WriteOptions options) =>
        registry.Update(type, key, pod =>
        {
            if (!string.IsNullOrEmpty(uid) && uid != pod.Text("metadata", "uid"))
            {
                throw ApiFailure.Conflict(type, key.Name, "the pod was replaced");
            }
            if (pod.Text("spec", "nodeName") is { Length: > 0 } bound)
            {
                throw ApiFailure.Conflict(type, key.Name, $"pod {key.Name} is already assigned to node \"{bound}\"");
            }
            pod.Ensure("spec")["nodeName"] = node;
            var scheduled = new JsonObject
            {
                ["type"] = "PodScheduled", ["status"] = "True", ["lastProbeTime"] = null, ["lastTransitionTime"] = registry.Time.GetUtcNow().Timestamp(),
            };
            var status = pod.Ensure("status");
            status["conditions"] = new JsonArray([.. status.Objects("conditions").Where(c => c.Text("type") != "PodScheduled").Select(c => c.DeepClone()), scheduled]);
            return pod;
        }, options with { Subresource = "binding" });
}
