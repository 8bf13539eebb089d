using System.Text.Json.Nodes;
using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Watching;

/// <summary>Caches and writes agree with each other and with the API server. The same tests run on the embedded cluster and on a real control plane.</summary>
public abstract class ClusterConformance
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_is_in_the_cache_at_once_and_the_watch_agrees()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var writer = new ClusterWriter(ns.Client);

        var created = await writer.CreateAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, Rollout("web"), Cancel);
        Assert.Equal(created.Metadata.ResourceVersion, cluster.Rollouts.Get(ns.Name, "web")!.Metadata.ResourceVersion);
        var patched = await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", Replicas(3), cancel: Cancel);
        Assert.Equal(3, cluster.Rollouts.Get(ns.Name, "web")!.Spec!.Replicas);
        var status = await writer.PatchAsync(
            Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", new JsonObject { ["status"] = new JsonObject { ["phase"] = "Healthy" } }, status: true, Cancel);

        Assert.Equal((2, 2), (patched.Metadata.Generation, status.Metadata.Generation));
        Assert.Equal("Healthy", status.Status!.Phase);
        await Eventually.TrueAsync("the watch has seen it", () => cluster.Rollouts.SeenUpTo >= long.Parse(status.Metadata.ResourceVersion));
        Assert.Equal(status.Metadata.ResourceVersion, cluster.Rollouts.Get(ns.Name, "web")!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task What_others_write_and_delete_comes_by_the_watch()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var others = new ClusterWriter(ns.Client);

        var created = await others.CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel);
        await Eventually.TrueAsync("created", () => cluster.Rollouts.Get(ns.Name, "web") is not null);
        await others.PatchAsync(Kinds.Rollouts, null, ns.Name, "web", Replicas(3), cancel: Cancel);
        await Eventually.TrueAsync("patched", () => cluster.Rollouts.Get(ns.Name, "web")?.Spec?.Replicas == 3);
        await others.DeleteAsync(Kinds.Rollouts, null, ns.Name, "web", created.Metadata.Uid, Cancel);
        await Eventually.TrueAsync("deleted", () => cluster.Rollouts.Get(ns.Name, "web") is null);
    }

    [Fact]
    public async Task A_patch_for_another_version_is_a_conflict()
    {
        await using var ns = await StartAsync();
        var writer = new ClusterWriter(ns.Client);
        var created = await writer.CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel);
        await writer.PatchAsync(Kinds.Rollouts, null, ns.Name, "web", Replicas(3), cancel: Cancel);
        var patch = Replicas(4);
        patch["metadata"] = new JsonObject { ["resourceVersion"] = created.Metadata.ResourceVersion };

        await Assert.ThrowsAsync<ConflictException>(() => writer.PatchAsync(Kinds.Rollouts, null, ns.Name, "web", patch, cancel: Cancel));
    }

    [Fact]
    public async Task A_patch_for_another_spec_is_a_conflict_and_one_beside_a_new_status_is_not()
    {
        await using var ns = await StartAsync();
        var writer = new ClusterWriter(ns.Client);
        var created = await writer.CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel);
        await writer.PatchAsync(Kinds.Rollouts, null, ns.Name, "web", new JsonObject { ["status"] = new JsonObject { ["replicas"] = 1 } }, status: true, Cancel);

        var scaled = await writer.PatchSpecAsync(Kinds.Rollouts, null, created, Replace("/spec/replicas", 3), Cancel);

        Assert.Equal(3, scaled.Spec!.Replicas);
        await Assert.ThrowsAsync<ConflictException>(() => writer.PatchSpecAsync(Kinds.Rollouts, null, created, Replace("/spec/replicas", 4), Cancel));
        await Assert.ThrowsAsync<InvalidObjectException>(() => writer.PatchSpecAsync(Kinds.Rollouts, null, scaled, Replace("/spec/replicas", "four"), Cancel));
    }

    private static IEnumerable<JsonObject> Replace(string path, JsonNode value) =>
        [new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value }];

    [Fact]
    public async Task Refusals_have_types_of_their_own()
    {
        await using var ns = await StartAsync();
        var writer = new ClusterWriter(ns.Client);
        await writer.CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel);
        var invalid = Rollout("other");
        invalid["spec"]!["replicas"] = "three";

        await Assert.ThrowsAsync<AlreadyExistsException>(() => writer.CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel));
        await Assert.ThrowsAsync<NotFoundException>(() => writer.PatchAsync(Kinds.Rollouts, null, ns.Name, "none", Replicas(1), cancel: Cancel));
        var refusal = await Assert.ThrowsAsync<InvalidObjectException>(() => writer.CreateAsync(Kinds.Rollouts, null, ns.Name, invalid, Cancel));
        Assert.StartsWith("spec.replicas: Invalid value: ", refusal.Problems[0], StringComparison.Ordinal);
        Assert.Null(await writer.GetAsync(Kinds.Rollouts, null, ns.Name, "none", Cancel));
    }

    [Fact]
    public async Task A_deletion_of_ours_is_in_the_cache_at_once_and_only_hits_the_object_meant()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var writer = new ClusterWriter(ns.Client);
        var first = await writer.CreateAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, Rollout("web"), Cancel);

        await writer.DeleteAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", first.Metadata.Uid, Cancel);
        Assert.Null(cluster.Rollouts.Get(ns.Name, "web"));
        var second = await writer.CreateAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, Rollout("web"), Cancel);
        await writer.DeleteAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", first.Metadata.Uid, Cancel);

        Assert.Equal(second.Metadata.Uid, cluster.Rollouts.Get(ns.Name, "web")!.Metadata.Uid);
        Assert.NotNull(await writer.GetAsync(Kinds.Rollouts, null, ns.Name, "web", Cancel));
    }

    [Fact]
    public async Task A_finalizer_keeps_a_deleted_object_in_the_cache()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var writer = new ClusterWriter(ns.Client);
        var body = Rollout("web");
        body["metadata"]!["finalizers"] = new JsonArray("example.com/hold");
        var created = await writer.CreateAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, body, Cancel);

        await writer.DeleteAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", created.Metadata.Uid, Cancel);
        Assert.NotNull(cluster.Rollouts.Get(ns.Name, "web")!.Metadata.DeletionTimestamp);
        await writer.PatchAsync(
            Kinds.Rollouts, null, ns.Name, "web", [new JsonObject { ["op"] = "remove", ["path"] = "/metadata/finalizers" }], Cancel);

        await Eventually.TrueAsync("it is gone", () => cluster.Rollouts.Get(ns.Name, "web") is null);
    }

    [Fact]
    public async Task Replica_sets_scale_and_their_pods_are_listed_and_evicted()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var writer = new ClusterWriter(ns.Client);
        await writer.CreateAsync(Kinds.ReplicaSets, cluster.ReplicaSets, ns.Name, ReplicaSet("web"), Cancel);

        await writer.ScaleAsync("apps", "v1", "replicasets", ns.Name, "web", 2, Cancel);
        await Eventually.TrueAsync("two pods are ready", () => cluster.ReplicaSets.Get(ns.Name, "web")?.Status?.ReadyReplicas == 2);
        var pods = await writer.ListAsync(Kinds.Pods, null, ns.Name, "app=web", Cancel);
        Assert.Equal(2, pods.Count);
        await writer.EvictAsync(ns.Name, pods[0].Metadata.Name, Cancel);
        await writer.EvictAsync(ns.Name, "none", Cancel);

        await Eventually.TrueAsync("another pod has taken its place", async () =>
            (await writer.ListAsync(Kinds.Pods, null, ns.Name, "app=web", Cancel)).Count(p => p.Metadata.Uid != pods[0].Metadata.Uid && p.Metadata.DeletionTimestamp is null) == 2);
    }

    [Fact]
    public async Task Services_are_cached_and_patched()
    {
        await using var ns = await StartAsync();
        await using var cluster = await CacheAsync(ns);
        var writer = new ClusterWriter(ns.Client);
        await ns.Client.CoreV1.CreateNamespacedServiceAsync(
            new() { Metadata = new() { Name = "web" }, Spec = new() { Ports = [new() { Port = 80 }], Selector = new Dictionary<string, string> { ["app"] = "web" } } },
            ns.Name, cancellationToken: Cancel);
        await Eventually.TrueAsync("it is seen", () => cluster.Services.Get(ns.Name, "web") is not null);

        await writer.PatchServiceAsync(
            cluster.Services, ns.Name, "web",
            new JsonObject { ["spec"] = new JsonObject { ["selector"] = new JsonObject { [ArgoNames.PodTemplateHash] = "abc" } } }, Cancel);

        Assert.Equal(new Dictionary<string, string> { ["app"] = "web", [ArgoNames.PodTemplateHash] = "abc" }, cluster.Services.Get(ns.Name, "web")!.Spec.Selector);
    }

    [Fact]
    public async Task Events_of_an_object_stay_in_order_and_repeats_are_counted()
    {
        await using var ns = await StartAsync();
        var rollout = await new ClusterWriter(ns.Client).CreateAsync(Kinds.Rollouts, null, ns.Name, Rollout("web"), Cancel);
        await using (var recorder = new EventRecorder(ns.Client, TimeProvider.System, NullLogger<EventRecorder>.Instance))
        {
            recorder.Record(rollout, false, "ScalingReplicaSet", "Scaled up");
            recorder.Record(rollout, true, "RolloutAborted", "Rollout aborted");
            recorder.Record(rollout, true, "RolloutAborted", "Rollout aborted");
            recorder.Record(rollout, false, "RolloutCompleted", "Rollout completed");
            Assert.Equal(0, recorder.Dropped);
        }

        var events = (await ns.Client.CoreV1.ListNamespacedEventAsync(ns.Name, fieldSelector: "involvedObject.kind=Rollout", cancellationToken: Cancel)).Items;

        Assert.Equal(
            ["Normal ScalingReplicaSet 1", "Warning RolloutAborted 2", "Normal RolloutCompleted 1"],
            events.OrderBy(e => long.Parse(e.Metadata.ResourceVersion)).OrderBy(e => e.Metadata.Name).Select(e => $"{e.Type} {e.Reason} {e.Count}"));
        Assert.All(events, e =>
        {
            Assert.Equal((rollout.Metadata.Uid, "argoproj.io/v1alpha1", "web"), (e.InvolvedObject.Uid, e.InvolvedObject.ApiVersion, e.InvolvedObject.Name));
            Assert.Equal("rollouts-controller", e.Source.Component);
            Assert.StartsWith("web.", e.Metadata.Name, StringComparison.Ordinal);
        });
    }

    private protected abstract Task<TestNamespace> StartAsync();

    private static async Task<ClusterCache> CacheAsync(TestNamespace ns)
    {
        var cluster = new ClusterCache(ns.Client, new ClusterCacheOptions(ns.Name), NullLogger<ClusterCache>.Instance);
        await cluster.StartAsync(Cancel);
        return cluster;
    }

    private static JsonObject Replicas(int count) => new() { ["spec"] = new JsonObject { ["replicas"] = count } };

    private static JsonObject Rollout(string name)
    {
        var rollout = ReplicaSet(name);
        rollout["apiVersion"] = Kinds.Rollouts.ApiVersion;
        rollout["kind"] = "Rollout";
        rollout["spec"]!["strategy"] = new JsonObject { ["canary"] = new JsonObject() };
        return rollout;
    }

    private static JsonObject ReplicaSet(string name) => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "{{{name}}}", "labels": {"{{{ArgoNames.PodTemplateHash}}}": "abc"}},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "{{{name}}}"}}, "template": {
           "metadata": {"labels": {"app": "{{{name}}}"}}, "spec": {"containers": [{"name": "web", "image": "example/web:1"}]} } } }
        """)!;
}

public sealed class EmbeddedClusterWatching : ClusterConformance
{
    private protected override Task<TestNamespace> StartAsync() => TestNamespace.OnTheEmbeddedClusterAsync();
}

public sealed class RealControlPlaneWatching : ClusterConformance
{
    private protected override Task<TestNamespace> StartAsync()
    {
        Assert.SkipWhen(ApiTarget.RealKubeconfig is null, $"{ApiTarget.KubeconfigVariable} names no control plane");
        return TestNamespace.OnARealControlPlaneAsync(ApiTarget.RealKubeconfig!);
    }
}
