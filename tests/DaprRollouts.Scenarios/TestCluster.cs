using DaprRollouts.DevCluster;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.CustomResources;
using k8s;
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

        await CrdInstaller.InstallAsync(cluster.Client);
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
}
