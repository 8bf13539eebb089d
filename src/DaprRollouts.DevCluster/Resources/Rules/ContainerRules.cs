using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>What the API server fills into a container, and what it checks.</summary>
internal static class ContainerRules
{
    public static void Apply(JsonObject container, bool isOnHostNetwork)
    {
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        var resources = container.Ensure("resources");
        // A limit without a request asks for as much.
        foreach (var (name, limit) in resources.Object("limits") ?? [])
        {
            resources.Ensure("requests").Default(name, limit!.DeepClone());
        }
        foreach (var port in container.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            if (isOnHostNetwork && port.Number("containerPort") is { } number)
            {
                port.Default("hostPort", number);
            }
        }
        foreach (var variable in container.Objects("env"))
        {
            variable.Object("valueFrom", "fieldRef")?.Default("apiVersion", "v1");
        }
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Object(probe) is { } found)
            {
                DefaultProbe(found);
            }
        }
        DefaultHandler(container.Object("lifecycle", "postStart"));
        DefaultHandler(container.Object("lifecycle", "preStop"));
    }

    public static IEnumerable<FieldError> Validate(JsonObject container, string path)
    {
        foreach (var (name, request) in container.Object("resources", "requests") ?? [])
        {
            if (container.Text("resources", "limits", name) is { } limit && Quantity.Value(request.AsText()!) > Quantity.Value(limit))
            {
                yield return FieldError.Quoted($"{path}.resources.requests", request.AsText()!, $"must be less than or equal to {name} limit");
            }
        }
    }

    private static void DefaultProbe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        DefaultHandler(probe);
    }

    private static void DefaultHandler(JsonObject? handler)
    {
        if (handler.Object("httpGet") is { } get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }
    }

    private static string PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var tag = image.Contains('@') ? "digest" : name.Contains(':') ? name[(name.LastIndexOf(':') + 1)..] : "latest";
        return tag == "latest" ? "Always" : "IfNotPresent";
    }
}
