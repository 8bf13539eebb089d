using DaprRollouts.DevCluster;
using DaprRollouts.Kubernetes.CustomResources;
using k8s;
using k8s.Models;

namespace DaprRollouts.Conformance.Watching;

/// <summary>A namespace of its own, in a cluster that knows our custom resources.</summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private readonly IAsyncDisposable? _cluster;

    private TestNamespace(k8s.Kubernetes client, IAsyncDisposable? cluster) => (Client, _cluster) = (client, cluster);

    public k8s.Kubernetes Client { get; }

    public string Name { get; } = $"watching-{Guid.NewGuid().ToString("N")[..8]}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestNamespace> OnTheEmbeddedClusterAsync()
    {
        var cluster = await EmbeddedCluster.StartAsync(cancellation: Cancel);
        return await CreateAsync(new k8s.Kubernetes(new KubernetesClientConfiguration { Host = cluster.Uri.ToString() }), cluster);
    }

    public static Task<TestNamespace> OnARealControlPlaneAsync(string kubeconfig) =>
        CreateAsync(new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig)), null);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is null)
        {
            await Client.CoreV1.DeleteNamespaceAsync(Name);
        }
        else
        {
            await _cluster.DisposeAsync();
        }

        Client.Dispose();
    }

    private static async Task<TestNamespace> CreateAsync(k8s.Kubernetes client, IAsyncDisposable? cluster)
    {
        foreach (var manifest in CrdCatalog.All)
        {
            await InstallAsync(client, KubernetesJson.Deserialize<V1CustomResourceDefinition>(manifest.ToJsonString()));
        }

        var created = new TestNamespace(client, cluster);
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = created.Name } }, cancellationToken: Cancel);
        return created;
    }

    private static async Task InstallAsync(k8s.Kubernetes client, V1CustomResourceDefinition definition)
    {
        try
        {
            await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition, cancellationToken: Cancel);
        }
        catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            var patch = new V1Patch(KubernetesJson.Serialize(new { spec = definition.Spec }), V1Patch.PatchType.MergePatch);
            await client.ApiextensionsV1.PatchCustomResourceDefinitionAsync(patch, definition.Metadata.Name, cancellationToken: Cancel);
        }

        await Eventually.TrueAsync(
            $"{definition.Metadata.Name} is served",
            async () => (await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(definition.Metadata.Name, cancellationToken: Cancel))
                .Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true);
    }
}
