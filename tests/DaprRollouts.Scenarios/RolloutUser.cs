using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>What a user does to a Rollout named <c>app</c>, and sees of it.</summary>
/// <param name="cluster">Where it is.</param>
/// <param name="patience">How many seconds the user waits at most.</param>
internal sealed class RolloutUser(TestCluster cluster, int patience = 120)
{
    public const string Name = "app";

    private const string Manifest = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "app"},
         "spec": {"replicas": REPLICAS, "selector": {"matchLabels": {"app": "app"}}, "strategy": STRATEGY,
          "template": {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": "example/app:1"}]}}}}
        """;

    private string _last = "nothing";

    public string Namespace => cluster.Namespace;

    /// <summary>Makes the Rollout.</summary>
    /// <param name="strategy">Its strategy as JSON.</param>
    /// <param name="replicas">Its pods.</param>
    public Task CreateAsync(string strategy, int replicas = 2) => cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(
        JsonNode.Parse(Manifest.Replace("STRATEGY", strategy).Replace("REPLICAS", $"{replicas}")),
        "argoproj.io", "v1alpha1", Namespace, "rollouts");

    public Task CreateServiceAsync(string name) => cluster.Client.CoreV1.CreateNamespacedServiceAsync(
        new V1Service
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = Name }, Ports = [new V1ServicePort { Port = 80 }] },
        },
        Namespace);

    public Task SetImageAsync(string image) =>
        PatchAsync("""{"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "IMAGE"}]}}}}""".Replace("IMAGE", image));

    public Task PatchAsync(string patch) => cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
        new V1Patch(patch, V1Patch.PatchType.MergePatch), "argoproj.io", "v1alpha1", Namespace, "rollouts", Name);

    public Task PatchStatusAsync(string patch) => cluster.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(
        new V1Patch(patch, V1Patch.PatchType.MergePatch), "argoproj.io", "v1alpha1", Namespace, "rollouts", Name);

    public Task DeleteAsync() =>
        cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync("argoproj.io", "v1alpha1", Namespace, "rollouts", Name);

    public async Task<Rollout> GetAsync() => TolerantReader.Read<Rollout>(
        await cluster.Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("argoproj.io", "v1alpha1", Namespace, "rollouts", Name));

    /// <summary>Whether the Rollout is there, be it on its way out.</summary>
    public async Task<bool> ExistsAsync()
    {
        try
        {
            await GetAsync();
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Waits until the Rollout is as described, and up to date with its manifest.</summary>
    public async Task<Rollout> WaitAsync(Func<RolloutStatus, bool> condition, string what)
    {
        Rollout? rollout = null;
        await Eventually.TrueAsync(
            async () =>
            {
                rollout = await GetAsync();
                var status = rollout.Status ?? new RolloutStatus();
                _last = JsonSerializer.Serialize(status, ModelJson.Options);
                return status.ObservedGeneration == rollout.Metadata.Generation?.ToString() && condition(status);
            },
            what,
            () => _last,
            patience);
        return rollout!;
    }

    public Task<Rollout> WaitForPhaseAsync(string phase) => WaitAsync(s => s.Phase == phase, phase);

    /// <summary>A pause of the controller's at a step, with the pods as wanted.</summary>
    public Task<Rollout> WaitForPauseAsync(int step) => WaitAsync(s => s.Phase == RolloutPhase.Paused && s.CurrentStepIndex == step, $"a pause at step {step}");

    /// <summary>Sizes of the ReplicaSets by revision.</summary>
    public async Task<IReadOnlyDictionary<long, int>> SizesAsync()
    {
        var list = await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(Namespace);
        return list.Items.ToDictionary(r => long.Parse(r.Metadata.Annotations[ArgoNames.Revision]), r => r.Spec.Replicas ?? 1);
    }

    public async Task<string> ServiceHashAsync(string service) =>
        (await cluster.Client.CoreV1.ReadNamespacedServiceAsync(service, Namespace)).Spec.Selector[ArgoNames.PodTemplateHash];

    public async Task<IReadOnlyList<string>> EventReasonsAsync() =>
    [
        .. (await cluster.Client.CoreV1.ListNamespacedEventAsync(Namespace)).Items.Where(e => e.InvolvedObject.Kind == "Rollout")
            .OrderBy(e => long.Parse(e.Metadata.ResourceVersion)).Select(e => e.Reason),
    ];
}
