using System.Net;
using System.Net.Sockets;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.DevCluster;
using DaprRollouts.Executor;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.CustomResources;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Cli.Demo;

/// <summary>All that the demo runs, in this process: a cluster, an executor with its engine, and the numbers to analyse.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dapr-rollouts-demo-").FullName;
    private readonly List<IAsyncDisposable> _running = [];

    /// <summary>The executor's address.</summary>
    public string Server { get; } = $"http://127.0.0.1:{FreePort()}";

    public Uri ApiServer { get; private set; } = new("http://127.0.0.1");

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>The address of the error rate.</summary>
    public string MetricAddress { get; private set; } = "";

    /// <summary>Starts all of it; what a failure leaves half started is ended by disposing.</summary>
    public async Task<Target> StartAsync(CancellationToken cancel)
    {
        var cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { ReadyDelay = TimeSpan.FromMilliseconds(700) }, cancel);
        _running.Add(cluster);
        ApiServer = cluster.Uri;
        cluster.WriteKubeconfig(Kubeconfig);
        var metrics = await ShopMetrics.StartAsync(cancel);
        _running.Add(metrics);
        MetricAddress = metrics.Address;
        var target = new Target(ClusterConnection.Open(Kubeconfig), DemoManifests.Namespace, TimeProvider.System);
        await CrdInstaller.InstallAsync(target.Client, cancel);
        var ns = new V1Namespace { Metadata = new V1ObjectMeta { Name = DemoManifests.Namespace } };
        await target.Client.CoreV1.CreateNamespaceAsync(ns, cancellationToken: cancel);
        var executor = ExecutorHost.Build(new ExecutorOptions
        {
            Kubeconfig = Kubeconfig, Data = Path.Combine(_folder, "data"), Urls = Server, LogLevel = LogLevel.Error,
        });
        _running.Add(executor);
        await executor.StartAsync(cancel);
        return target;
    }

    /// <summary>Ends all of it, the last started first, and leaves nothing behind.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_running))
        {
            await (part is WebApplication app ? app.StopAsync() : Task.CompletedTask);
            await part.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
