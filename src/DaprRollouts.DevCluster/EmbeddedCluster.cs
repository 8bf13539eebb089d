using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Controllers;
using DaprRollouts.DevCluster.Controllers.Deployments;
using DaprRollouts.DevCluster.Kubelet;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.DevCluster;

/// <summary>A small Kubernetes cluster inside this process: an API server on a loopback port, controllers and pretended nodes.</summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ObjectStore _store;
    private readonly Activity _activity = new();
    private readonly List<IAsyncDisposable> _controllers = [];
    private readonly Listener _listener;

    private EmbeddedCluster(EmbeddedClusterOptions options)
    {
        var loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        _store = new ObjectStore(options.HistoryLimit);
        var registry = new Registry(_store, new ApiCatalog(BuiltinResources.All), options.TimeProvider);
        var context = new ControllerContext(registry, _activity, loggers.CreateLogger("DaprRollouts.DevCluster.Controllers"));
        _controllers.Add(new Definitions(context));
        _controllers.Add(new Namespaces(context));
        CreateNamespaces(registry);
        _controllers.Add(new GarbageCollector(context));
        _controllers.Add(new ReplicaSets(context));
        _controllers.Add(new DeploymentController(context));
        _controllers.Add(new Jobs(context));
        _controllers.Add(new ServiceEndpoints(context));
        _controllers.Add(new DisruptionBudgets(context));
        _controllers.Add(new EventExpiry(context));
        _controllers.Add(new Nodes(context, options.Nodes, options.ReadyDelay));
        var server = new ApiServer(registry, loggers.CreateLogger("DaprRollouts.DevCluster.Api"), _stopping.Token);
        _listener = new Listener(server, options.Port, loggers);
    }

    /// <summary>Where the API server listens.</summary>
    public Uri Uri => _listener.Uri;

    /// <summary>The newest resource version that was given out.</summary>
    public long ResourceVersion => _store.Revision;

    /// <summary>Starts a cluster; it is ready when this returns.</summary>
    public static async Task<EmbeddedCluster> StartAsync(EmbeddedClusterOptions? options = null, CancellationToken cancellation = default)
    {
        var cluster = new EmbeddedCluster(options ?? new EmbeddedClusterOptions());
        await cluster._listener.StartAsync(cancellation);
        return cluster;
    }

    /// <summary>Writes a kubeconfig for this cluster.</summary>
    public void WriteKubeconfig(string path) => File.WriteAllText(path, Kubeconfig);

    /// <summary>A kubeconfig for this cluster.</summary>
    public string Kubeconfig => $$"""
        apiVersion: v1
        kind: Config
        current-context: dev
        contexts:
        - name: dev
          context: {cluster: dev, user: dev, namespace: default}
        clusters:
        - name: dev
          cluster: {server: "{{Uri.GetLeftPart(UriPartial.Authority)}}"}
        users:
        - name: dev
          user: {token: dev}

        """;

    /// <summary>Completes when the controllers have nothing to do before time goes on.</summary>
    public Task WhenIdleAsync() => _activity.WhenIdleAsync();

    /// <summary>Forgets what was before, as a real cluster does every few minutes: older watches and pages get 410 Gone.</summary>
    public void ForgetHistory() => _store.ForgetHistory();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        foreach (var controller in _controllers)
        {
            await controller.DisposeAsync();
        }
        _stopping.Dispose();
    }

    private static void CreateNamespaces(Registry registry)
    {
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            registry.Create(registry.Catalog.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, new WriteOptions("kube-apiserver"));
        }
    }
}
