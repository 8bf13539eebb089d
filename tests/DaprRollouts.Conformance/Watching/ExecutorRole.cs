using System.Text.Json.Nodes;
using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Watching;

/// <summary>The roles under deploy/ let the executor do its work, and nothing beside it. Only a real control plane knows roles.</summary>
public sealed class ExecutorRole
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_suffices_for_the_work_and_allows_no_more()
    {
        Assert.SkipWhen(ApiTarget.RealKubeconfig is null, $"{ApiTarget.KubeconfigVariable} names no control plane");
        await using var ns = await TestNamespace.OnARealControlPlaneAsync(ApiTarget.RealKubeconfig!);
        await ApplyRolesAsync(ns.Client);
        using var executor = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(ApiTarget.RealKubeconfig), new AsTheExecutor());

        await WorkAsync(ns, executor);
        await ElectAsync(executor);
        await Assert.ThrowsAsync<ForbiddenException>(() => new ClusterWriter(executor).CreateAsync(Kinds.Rollouts, null, ns.Name, Some("Rollout", "other"), Cancel));
        await ForbiddenAsync(() => executor.CoreV1.ListNamespacedSecretAsync(ns.Name, cancellationToken: Cancel));
        await ForbiddenAsync(() => executor.CoreV1.DeleteNamespacedServiceAsync("web", ns.Name, cancellationToken: Cancel));
        await ForbiddenAsync(() => executor.CoordinationV1.ReadNamespacedLeaseAsync("any", ns.Name, cancellationToken: Cancel));
    }

    private static async Task WorkAsync(TestNamespace ns, k8s.Kubernetes executor)
    {
        var users = new ClusterWriter(ns.Client);
        await users.CreateAsync(Kinds.Rollouts, null, ns.Name, Some("Rollout", "web"), Cancel);
        await ns.Client.CoreV1.CreateNamespacedServiceAsync(new V1Service { Metadata = new() { Name = "web" }, Spec = new() { Ports = [new() { Port = 80 }] } }, ns.Name, cancellationToken: Cancel);
        await ns.Client.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new() { Name = "token" } }, ns.Name, cancellationToken: Cancel);
        await using var cluster = new ClusterCache(executor, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance);
        var writer = new ClusterWriter(executor);
        await cluster.StartAsync(Cancel);

        var rollout = await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", Member("metadata", "annotations", "a"), cancel: Cancel);
        await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns.Name, "web", new JsonObject { ["status"] = new JsonObject { ["phase"] = "Healthy" } }, status: true, Cancel);
        await writer.PatchServiceAsync(cluster.Services, ns.Name, "web", Member("spec", "selector", "a"), Cancel);
        await MakeAndDeleteAsync(writer, Kinds.AnalysisRuns, cluster.AnalysisRuns, ns.Name);
        await MakeAndDeleteAsync(writer, Kinds.Experiments, cluster.Experiments, ns.Name);
        await writer.CreateAsync(Kinds.ReplicaSets, cluster.ReplicaSets, ns.Name, Some("ReplicaSet", "web"), Cancel);
        await Eventually.TrueAsync("there is a pod", async () => (await writer.ListAsync(Kinds.Pods, null, ns.Name, "app=web", Cancel)).Count > 0);
        var pod = (await writer.ListAsync(Kinds.Pods, null, ns.Name, "app=web", Cancel))[0].Metadata.Name;
        await writer.PatchPodAsync(ns.Name, pod, Member("metadata", "labels", "a"), Cancel);
        await writer.EvictAsync(ns.Name, pod, Cancel);
        await MakeAndDeleteAsync(writer, Kinds.ReplicaSets, cluster.ReplicaSets, ns.Name);
        await executor.CoreV1.ReadNamespacedSecretAsync("token", ns.Name, cancellationToken: Cancel);
        await executor.BatchV1.ListNamespacedJobAsync(ns.Name, cancellationToken: Cancel);
        var recorder = new EventRecorder(executor, TimeProvider.System, NullLogger<EventRecorder>.Instance);
        recorder.Record(rollout, false, "Same", "same");
        recorder.Record(rollout, false, "Same", "same");
        await recorder.DisposeAsync();
        Assert.Equal(0, recorder.Dropped);
    }

    private static async Task MakeAndDeleteAsync<T>(ClusterWriter writer, ResourceKind<T> kind, ResourceCache<T> cache, string ns)
        where T : ClusterObject
    {
        var made = await writer.CreateAsync(kind, cache, ns, Some(kind.Kind, "short-lived"), Cancel);
        await writer.PatchAsync(kind, cache, ns, "short-lived", Member("metadata", "annotations", "a"), cancel: Cancel);
        await writer.DeleteAsync(kind, cache, ns, "short-lived", made.Metadata.Uid, Cancel);
    }

    private static async Task ElectAsync(k8s.Kubernetes executor)
    {
        var election = new LeaderElection(
            executor, new LeaderElectionOptions("dapr-rollouts", "test"), TimeProvider.System, NullLogger<LeaderElection>.Instance);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => election.RunAsync(_ => stopping.CancelAsync(), stopping.Token));
    }

    private static async Task ForbiddenAsync(Func<Task> call) => Assert.Equal(
        System.Net.HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(call)).Response.StatusCode);

    private static async Task ApplyRolesAsync(k8s.Kubernetes client)
    {
        foreach (var file in new[] { "namespace.yaml", "service-account.yaml", "roles.yaml" })
        {
            foreach (var value in KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(Path.Combine(Manifests(), file), Cancel)))
            {
                try
                {
                    await CreateAsync(client, value);
                }
                catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
                {
                    // A test before has made it.
                }
            }
        }
    }

    private static Task CreateAsync(k8s.Kubernetes client, object value) => value switch
    {
        V1Namespace ns => client.CoreV1.CreateNamespaceAsync(ns, cancellationToken: Cancel),
        V1ServiceAccount account => client.CoreV1.CreateNamespacedServiceAccountAsync(account, account.Metadata.NamespaceProperty, cancellationToken: Cancel),
        V1ClusterRole role => client.RbacAuthorizationV1.CreateClusterRoleAsync(role, cancellationToken: Cancel),
        V1ClusterRoleBinding binding => client.RbacAuthorizationV1.CreateClusterRoleBindingAsync(binding, cancellationToken: Cancel),
        V1Role role => client.RbacAuthorizationV1.CreateNamespacedRoleAsync(role, role.Metadata.NamespaceProperty, cancellationToken: Cancel),
        V1RoleBinding binding => client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, binding.Metadata.NamespaceProperty, cancellationToken: Cancel),
        _ => throw new NotSupportedException($"a {value.GetType().Name} is not expected here"),
    };

    private static string Manifests()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DaprRollouts.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "deploy", "executor");
    }

    private static JsonObject Member(string outer, string inner, string key) =>
        new() { [outer] = new JsonObject { [inner] = new JsonObject { [key] = "b" } } };

    // Enough for each of the kinds.
    private static JsonObject Some(string kind, string name) => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion": "{{{(kind == "ReplicaSet" ? "apps/v1" : "argoproj.io/v1alpha1")}}}", "kind": "{{{kind}}}",
         "metadata": {"name": "{{{name}}}", "labels": {"{{{ArgoNames.PodTemplateHash}}}": "abc"}},
         "spec": {"replicas": 1, "metrics": [], "templates": [], "selector": {"matchLabels": {"app": "{{{name}}}"}}, "template": {
           "metadata": {"labels": {"app": "{{{name}}}"} }, "spec": {"containers": [{"name": "web", "image": "example/web:1"}]} } } }
        """)!;

    private sealed class AsTheExecutor : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("Impersonate-User", "system:serviceaccount:dapr-rollouts:dapr-rollouts-executor");
            request.Headers.Add("Impersonate-Group", "system:serviceaccounts");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
