using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>The addresses and ports behind a Service, in the forms of Endpoints and of EndpointSlices.</summary>
internal static class EndpointSubsets
{
    public static JsonArray Of(StoredObject service, IReadOnlyCollection<StoredObject> pods)
    {
        if (pods.Count == 0)
        {
            return [];
        }
        var publishesAll = service.Spec.Flag("publishNotReadyAddresses") == true;
        // Pods that give a named port different numbers fall into different subsets.
        var groups = pods.GroupBy(p => JsonTree.Text(Ports(service, p)), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        return new JsonArray([.. groups.Select(group =>
        {
            var subset = new JsonObject();
            subset.SetOrRemove("addresses", new JsonArray([.. group.Where(p => publishesAll || p.IsReady()).Select(Address)]));
            subset.SetOrRemove("notReadyAddresses", new JsonArray([.. group.Where(p => !publishesAll && !p.IsReady()).Select(Address)]));
            subset.SetOrRemove("ports", Ports(service, group.First()));
            return (JsonNode)subset;
        })]);
    }

    public static JsonArray SlicePorts(StoredObject service, IReadOnlyCollection<StoredObject> pods)
    {
        var ports = pods.Count == 0 ? [] : Ports(service, pods.First());
        foreach (var port in ports.OfType<JsonObject>())
        {
            port.Default("name", "");
        }
        return ports;
    }

    public static JsonArray SliceEndpoints(IEnumerable<StoredObject> pods) => new([.. pods.Select(p => (JsonNode)new JsonObject
    {
        ["addresses"] = new JsonArray(p.Status.Text("podIP")),
        ["conditions"] = new JsonObject { ["ready"] = p.IsReady() },
        ["targetRef"] = Target(p),
    })]);

    public static JsonObject NewSlice(StoredObject service, JsonArray ports, JsonArray endpoints) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["generateName"] = $"{service.Key.Name}-",
            ["labels"] = new JsonObject
            {
                ["kubernetes.io/service-name"] = service.Key.Name,
                ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io",
            },
            ["ownerReferences"] = new JsonArray(OwnerReference.Controller("v1", "Service", service)),
        },
        ["addressType"] = "IPv4",
        ["ports"] = ports,
        ["endpoints"] = endpoints,
    };

    private static JsonNode Address(StoredObject pod) => new JsonObject
    {
        ["ip"] = pod.Status.Text("podIP"), ["nodeName"] = pod.Spec.Text("nodeName"), ["targetRef"] = Target(pod),
    };

    private static JsonObject Target(StoredObject pod) => new()
    {
        ["kind"] = "Pod", ["namespace"] = pod.Key.Namespace, ["name"] = pod.Key.Name, ["uid"] = pod.Uid,
    };

    private static JsonArray Ports(StoredObject service, StoredObject pod) => new([.. service.Spec.Objects("ports").Select(port =>
    {
        var result = new JsonObject();
        result.SetOrRemove("name", port.Text("name"));
        result["port"] = Number(port, pod);
        result["protocol"] = port.Text("protocol") ?? "TCP";
        return (JsonNode)result;
    })]);

    private static long Number(JsonObject port, StoredObject pod)
    {
        if (port.Number("targetPort") is { } number)
        {
            return number;
        }
        var name = port.Text("targetPort");
        var named = pod.Spec.Objects("containers").SelectMany(c => c.Objects("ports")).FirstOrDefault(p => p.Text("name") == name);
        return named.Number("containerPort") ?? port.Number("port") ?? 0;
    }
}
