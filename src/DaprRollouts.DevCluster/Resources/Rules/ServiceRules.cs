using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Defaults and checks of Services; addresses are handed out one after the other.</summary>
internal static class ServiceRules
{
    private const int FirstNodePort = 30000;
    private const int NodePorts = 2768;

    private static int _addresses;
    private static int _nodePorts;

    public static KindRules Service { get; } = new()
    {
        Default = service =>
        {
            var spec = service.Ensure("spec");
            spec.Default("sessionAffinity", "None");
            spec.Default("type", "ClusterIP");
            if (spec.Text("type") is "NodePort" or "LoadBalancer")
            {
                spec.Default("externalTrafficPolicy", "Cluster");
            }
            foreach (var port in spec.Objects("ports"))
            {
                port.Default("protocol", "TCP");
                port.Default("targetPort", port["port"]?.DeepClone() ?? 0);
            }
            service.Ensure("status", "loadBalancer");
        },
        Create = service =>
        {
            service["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
            Allocate(service.Ensure("spec"));
        },
        Update = (service, old) =>
        {
            var spec = service.Ensure("spec");
            if (spec.Text("type") != "ExternalName" && spec.Text("clusterIP") is null && old["spec"]?["clusterIP"] is { } address)
            {
                spec["clusterIP"] = address.DeepClone();
                spec["clusterIPs"] = old["spec"]?["clusterIPs"]?.DeepClone();
            }
            Allocate(spec);
        },
        Validate = Validate,
    };

    private static void Allocate(JsonObject spec)
    {
        if (spec.Text("type") == "ExternalName")
        {
            return;
        }
        if (spec.Text("clusterIP") is null)
        {
            var number = Interlocked.Increment(ref _addresses);
            spec["clusterIP"] = $"10.96.{number / 254 % 256}.{(number % 254) + 1}";
        }
        spec.Default("clusterIPs", new JsonArray(spec.Text("clusterIP")));
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            foreach (var port in spec.Objects("ports"))
            {
                port.Default("nodePort", FirstNodePort + (Interlocked.Increment(ref _nodePorts) % NodePorts));
            }
        }
    }

    private static IEnumerable<FieldError> Validate(JsonObject service, JsonObject? old)
    {
        var spec = service["spec"];
        var type = spec.Text("type");
        if (type is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
        {
            yield return FieldError.NotSupported("spec.type", $"\"{type}\"", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
        }
        var ports = spec.Objects("ports").ToArray();
        if (ports.Length == 0 && type != "ExternalName" && spec.Text("clusterIP") != "None")
        {
            yield return FieldError.Required("spec.ports");
        }
        for (var i = 0; i < ports.Length; i++)
        {
            if (ports[i].Number("port") is not (> 0 and < 65536))
            {
                yield return FieldError.Invalid($"spec.ports[{i}].port", $"{ports[i].Number("port") ?? 0}", "must be between 1 and 65535, inclusive");
            }
            if (ports[i].Number("targetPort") is not (null or (> 0 and < 65536)))
            {
                yield return FieldError.Invalid($"spec.ports[{i}].targetPort", $"{ports[i].Number("targetPort")}", "must be between 1 and 65535, inclusive");
            }
            if (ports.Length > 1 && string.IsNullOrEmpty(ports[i].Text("name")))
            {
                yield return FieldError.Required($"spec.ports[{i}].name");
            }
        }
        if (old.Text("spec", "clusterIP") is { } before && old.Text("spec", "type") != "ExternalName" && type != "ExternalName" && spec.Text("clusterIP") != before)
        {
            yield return FieldError.Quoted("spec.clusterIPs[0]", spec.Text("clusterIP") ?? "", "field is immutable");
        }
    }
}
