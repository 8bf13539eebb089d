using DaprRollouts.DevCluster;
using k8s;
using k8s.Models;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>The official .NET client works on the embedded cluster.</summary>
public sealed class KubernetesClientOnTheCluster
{
    [Fact]
    public async Task It_creates_patches_lists_and_deletes()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellation: Token);
        using var client = Connect(cluster);

        await client.CoreV1.CreateNamespacedServiceAsync(
            new V1Service { Metadata = new() { Name = "web" }, Spec = new() { Ports = [new() { Port = 80 }] } }, "default", cancellationToken: Token);
        var patched = await client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch("""{"spec":{"selector":{"app":"web"}}}""", V1Patch.PatchType.MergePatch), "web", "default", cancellationToken: Token);
        var listed = await client.CoreV1.ListNamespacedServiceAsync("default", cancellationToken: Token);
        await client.CoreV1.DeleteNamespacedServiceAsync("web", "default", cancellationToken: Token);

        Assert.Equal("web", patched.Spec.Selector["app"]);
        Assert.StartsWith("10.96.", patched.Spec.ClusterIP, StringComparison.Ordinal);
        Assert.Single(listed.Items);
        Assert.Empty((await client.CoreV1.ListNamespacedServiceAsync("default", cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task A_conflict_is_told_as_such()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellation: Token);
        using var client = Connect(cluster);
        var first = await client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new() { Name = "a" } }, "default", cancellationToken: Token);
        first.Data = new Dictionary<string, string> { ["a"] = "1" };
        await client.CoreV1.ReplaceNamespacedConfigMapAsync(first, "a", "default", cancellationToken: Token);

        var refusal = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(
            () => client.CoreV1.ReplaceNamespacedConfigMapAsync(first.WithData("2"), "a", "default", cancellationToken: Token));

        Assert.Equal(System.Net.HttpStatusCode.Conflict, refusal.Response.StatusCode);
    }

    [Fact]
    public async Task It_watches_pods_become_ready()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellation: Token);
        using var client = Connect(cluster);
        await client.AppsV1.CreateNamespacedReplicaSetAsync(WebSet(), "default", cancellationToken: Token);

        await foreach (var (type, pod) in client.CoreV1.WatchListNamespacedPodAsync("default", cancellationToken: Token))
        {
            if (type is WatchEventType.Added or WatchEventType.Modified && pod.Status.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") == true)
            {
                break;
            }
        }

        var pods = await client.CoreV1.ListNamespacedPodAsync("default", labelSelector: "app=web", fieldSelector: "status.phase=Running", cancellationToken: Token);
        Assert.Single(pods.Items);
    }

    private static V1ReplicaSet WebSet() => new()
    {
        Metadata = new() { Name = "web" },
        Spec = new()
        {
            Replicas = 1,
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            Template = new()
            {
                Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "web" } },
                Spec = new() { Containers = [new() { Name = "web", Image = "example/web:1" }] },
            },
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static k8s.Kubernetes Connect(EmbeddedCluster cluster) => new(new KubernetesClientConfiguration { Host = cluster.Uri.ToString() });
}

/// <summary>Short ways to change objects.</summary>
file static class Changes
{
    public static V1ConfigMap WithData(this V1ConfigMap map, string value)
    {
        map.Data = new Dictionary<string, string> { ["a"] = value };
        return map;
    }
}
