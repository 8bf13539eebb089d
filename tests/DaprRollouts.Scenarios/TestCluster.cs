using DaprRollouts.DevCluster;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.CustomResources;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>
/// A cluster to run scenarios on: the embedded one, or the real control plane whose kubeconfig DAPR_ROLLOUTS_TEST_KUBECONFIG names. The scenarios cannot tell.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private const string RealKubeconfig = "DAPR_ROLLOUTS_TEST_KUBECONFIG";

    private readonly EmbeddedCluster? _embedded;

    private TestCluster(string kubeconfig, EmbeddedCluster? embedded)
    {
        Kubeconfig = kubeconfig;
        _embedded = embedded;
        Client = ClusterConnection.Open(kubeconfig).Client;
        Namespace = $"scenario-{Guid.NewGuid().ToString("N")[..8]}";
    }

    /// <summary>The kinds of cluster there are here.</summary>
    public static TheoryData<string> Kinds =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RealKubeconfig)) ? ["embedded"] : ["embedded", "real"];

    public string Kubeconfig { get; }

    public k8s.Kubernetes Client { get; }

    /// <summary>A namespace of its own.</summary>
    public string Namespace { get; }

    public static async Task<TestCluster> StartAsync(string kind)
    {
        TestCluster cluster;
        if (kind == "real")
        {
            cluster = new TestCluster(Environment.GetEnvironmentVariable(RealKubeconfig)!, null);
        }
        else
        {
            var embedded = await EmbeddedCluster.StartAsync();
            var path = Path.Combine(Directory.CreateTempSubdirectory("dapr-rollouts-").FullName, "kubeconfig");
            embedded.WriteKubeconfig(path);
            cluster = new TestCluster(path, embedded);
        }

        await cluster.InstallAsync();
        await cluster.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = cluster.Namespace } });
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.CoreV1.DeleteNamespaceAsync(Namespace);
        Client.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
            Directory.Delete(Path.GetDirectoryName(Kubeconfig)!, recursive: true);
        }
    }

    private async Task InstallAsync()
    {
        foreach (var manifest in CrdCatalog.All)
        {
            var crd = KubernetesJson.Deserialize<V1CustomResourceDefinition>(manifest.ToJsonString());
            try
            {
                await Client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(crd);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
            {
                // Another scenario has installed it, perhaps a moment ago.
            }

            await Eventually.TrueAsync(
                async () => (await Client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(crd.Metadata.Name)).Status?.Conditions
                    ?.Any(c => c is { Type: "Established", Status: "True" }) == true,
                $"{crd.Metadata.Name} to be established");
        }
    }
}
