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
        await CrdInstaller.InstallAsync(client, Cancel);
        var created = new TestNamespace(client, cluster);
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = created.Name } }, cancellationToken: Cancel);
        return created;
    }
}
