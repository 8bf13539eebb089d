using DaprRollouts.DevCluster;
using k8s;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>An API server to compare: the embedded one, or a real one.</summary>
internal sealed class ApiTarget : IAsyncDisposable
{
    /// <summary>Names the kubeconfig of a real control plane that tests may use.</summary>
    public const string KubeconfigVariable = "DAPR_ROLLOUTS_TEST_KUBECONFIG";

    private readonly EmbeddedCluster? _cluster;

    private ApiTarget(HttpClient client, EmbeddedCluster? cluster)
    {
        Client = client;
        _cluster = cluster;
    }

    public static string? RealKubeconfig => Environment.GetEnvironmentVariable(KubeconfigVariable) is { Length: > 0 } path ? path : null;

    public HttpClient Client { get; }

    public static async Task<ApiTarget> StartEmbeddedAsync(CancellationToken cancellation)
    {
        var cluster = await EmbeddedCluster.StartAsync(cancellation: cancellation);
        return new ApiTarget(new HttpClient { BaseAddress = cluster.Uri }, cluster);
    }

    public static ApiTarget ConnectReal(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        var handler = new HttpClientHandler
        {
            // The certificate of a throwaway control plane is its own authority's.
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri(configuration.Host) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", configuration.AccessToken);
        return new ApiTarget(client, null);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
