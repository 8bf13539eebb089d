using System.Text.Json.Serialization.Metadata;
using DaprRollouts.Kubernetes;
using k8s;
using k8s.Models;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class ClusterConnectionTests
{
    private const string Service = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"app"},"spec":{"ports":[{"port":80,"targetPort":"http"},{"port":81,"targetPort":8081}]}}
        """;

    [Fact]
    public void A_connection_knows_only_those_types_of_Kubernetes_that_are_in_use()
    {
        _ = new ClusterConnection(new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }), "default");

        IJsonTypeInfoResolver? known = null;
        KubernetesJson.AddJsonOptions(json => known = json.TypeInfoResolver);
        Assert.IsType<DefaultJsonTypeInfoResolver>(known);
        Assert.Equal(Service.Trim(), KubernetesJson.Serialize(KubernetesJson.Deserialize<V1Service>(Service)));
    }
}
