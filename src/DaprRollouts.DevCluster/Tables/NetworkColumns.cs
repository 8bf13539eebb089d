using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>The columns of Services and what is around them.</summary>
internal static class NetworkColumns
{
    private const int ShownEndpoints = 3;

    public static IReadOnlyList<TableColumn> Service { get; } =
    [
        Columns.Name,
        Columns.Text("Type", s => s.Text("spec", "type")),
        Columns.Text("Cluster-IP", s => s.Text("spec", "clusterIP") ?? "<none>"),
        Columns.Text("External-IP", ExternalAddress),
        Columns.Text("Port(s)", s => Join(s.Objects("spec", "ports").Select(Port))),
        Columns.Age,
        Columns.Wide("Selector", s => s.Object("spec", "selector") is { } selector ? LabelSelector.FromMap(selector).ToString() : "<none>"),
    ];

    public static IReadOnlyList<TableColumn> Endpoints { get; } =
    [
        Columns.Name,
        Columns.Text("Endpoints", ShowEndpoints),
        Columns.Age,
    ];

    public static IReadOnlyList<TableColumn> EndpointSlice { get; } =
    [
        Columns.Name,
        Columns.Text("AddressType", s => s.Text("addressType")),
        Columns.Text("Ports", s => Join(s.Objects("ports").Select(p => $"{p.Number("port")}"))),
        Columns.Text("Endpoints", s => Join(s.Objects("endpoints").SelectMany(e => e.Texts("addresses")).Take(ShownEndpoints))),
        Columns.Age,
    ];

    public static IReadOnlyList<TableColumn> Ingress { get; } =
    [
        Columns.Name,
        Columns.Text("Class", i => i.Text("spec", "ingressClassName") ?? "<none>"),
        Columns.Text("Hosts", i => Join(i.Objects("spec", "rules").Select(r => r.Text("host") ?? "*"), "*")),
        Columns.Text("Address", i => Join(i.Objects("status", "loadBalancer", "ingress").Select(a => a.Text("ip") ?? a.Text("hostname") ?? ""), "")),
        Columns.Text("Ports", i => i.Array("spec", "tls") is { Count: > 0 } ? "80, 443" : "80"),
        Columns.Age,
    ];

    private static string ExternalAddress(JsonObject service) => service.Text("spec", "type") switch
    {
        "ExternalName" => service.Text("spec", "externalName") ?? "<none>",
        "LoadBalancer" => Join(service.Objects("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname") ?? ""), "<pending>"),
        _ => Join(service.Texts("spec", "externalIPs")),
    };

    private static string Port(JsonObject port)
    {
        var node = port.Number("nodePort") is > 0 and var number ? $":{number}" : "";
        return $"{port.Number("port")}{node}/{port.Text("protocol")}";
    }

    private static string ShowEndpoints(JsonObject endpoints)
    {
        var all = endpoints.Objects("subsets").SelectMany(s => s.Objects("addresses").SelectMany(a =>
            s.Objects("ports").Select(p => $"{a.Text("ip")}:{p.Number("port")}").DefaultIfEmpty(a.Text("ip") ?? ""))).ToArray();
        var more = all.Length > ShownEndpoints ? $" + {all.Length - ShownEndpoints} more..." : "";
        return Join(all.Take(ShownEndpoints)) + more;
    }

    private static string Join(IEnumerable<string> parts, string empty = "<none>") =>
        string.Join(',', parts) is { Length: > 0 } text ? text : empty;
}
