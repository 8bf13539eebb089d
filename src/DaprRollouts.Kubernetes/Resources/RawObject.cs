using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Routing;
using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>An object of a kind that others define, kept as the JSON that it is.</summary>
public sealed class RawObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>All of it, but for who owns which field.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>A kind of routing object, in a version that the server offers.</summary>
    public static ResourceKind<RawObject> Of(RouteKind kind, string version) => new(kind.Group, version, kind.Plural, kind.Kind, true, Read);

    private static RawObject Read(JsonElement json)
    {
        var body = JsonObject.Create(json.Clone())!;
        (body["metadata"] as JsonObject)?.Remove("managedFields");
        return new RawObject { Body = body, Metadata = KubernetesJson.Deserialize<V1ObjectMeta>(json.GetProperty("metadata")) };
    }
}
