using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using Fields = System.Collections.Generic.IReadOnlyDictionary<string, System.Func<System.Text.Json.Nodes.JsonObject, string>>;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>Fields by which objects of a kind may be selected, besides their name and namespace.</summary>
internal static class SelectableFields
{
    public static Fields Pod { get; } = Of("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP", "status.nominatedNodeName");

    public static Fields Event { get; } = Of(
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "type")
        .Append(KeyValuePair.Create("source", (Func<JsonObject, string>)(e => e.Text("source", "component") ?? "")))
        .ToDictionary(f => f.Key, f => f.Value);

    public static Fields Secret { get; } = Of("type");

    public static Fields Namespace { get; } = Of("status.phase");

    public static Fields Node { get; } = Of("spec.unschedulable");

    public static Fields ReplicaSet { get; } = Of("status.replicas");

    public static Fields Job { get; } = Of("status.successful");

    private static Dictionary<string, Func<JsonObject, string>> Of(params string[] paths) => paths.ToDictionary(
        p => p,
        p =>
        {
            var names = p.Split('.');
            return (Func<JsonObject, string>)(o => o.At(names)?.ToString() ?? "");
        });
}
