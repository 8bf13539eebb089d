using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>Rollouts that use the pod template of a workload, and Services that change hands.</summary>
public sealed class WorkloadScenarios
{
    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_deployment_hands_over_to_a_rollout_and_goes_on_to_define_its_pods(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await cluster.Client.AppsV1.CreateNamespacedDeploymentAsync(Deployment("example/app:1"), cluster.Namespace);

        await CreateAsync(cluster, """{"apiVersion": "apps/v1", "kind": "Deployment", "name": "ref", "scaleDown": "progressively"}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await Eventually.TrueAsync(async () => (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("ref", cluster.Namespace)).Spec.Replicas == 0, "the Deployment to go");

        await cluster.Client.AppsV1.PatchNamespacedDeploymentAsync(
            new V1Patch("""{"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "example/app:2"}]}}}}""", V1Patch.PatchType.MergePatch), "ref", cluster.Namespace);
        var paused = await user.WaitForPauseAsync(1);
        Assert.Null(paused.Spec!.Template);
        Assert.Null(paused.Spec.Selector);
        Assert.Equal(paused.Status!.WorkloadObservedGeneration, paused.Metadata.Annotations[ArgoNames.WorkloadGeneration]);

        await user.PatchStatusAsync("""{"status": {"promoteFull": true}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(0, (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("ref", cluster.Namespace)).Spec.Replicas);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_workload_that_comes_late_is_not_missed(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);

        await CreateAsync(cluster, """{"apiVersion": "apps/v1", "kind": "Deployment", "name": "ref"}""");
        var invalid = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Equal("InvalidSpec: The Rollout \"app\" is invalid: deployments.apps \"ref\" not found", invalid.Status!.Message);

        await cluster.Client.AppsV1.CreateNamespacedDeploymentAsync(Deployment("example/app:1"), cluster.Namespace);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_service_is_let_go_when_its_rollout_names_it_no_longer_or_is_gone(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateServiceAsync("one");
        await user.CreateServiceAsync("two");
        await user.CreateAsync("""{"blueGreen": {"activeService": "one"}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.PatchAsync("""{"spec": {"strategy": {"blueGreen": {"activeService": "two"}}}}""");
        await Eventually.TrueAsync(async () => await IsFreeAsync(cluster, "one") && !await IsFreeAsync(cluster, "two"), "the Services to change");

        await user.DeleteAsync();
        await Eventually.TrueAsync(() => IsFreeAsync(cluster, "two"), "the Service to be free");
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_service_whose_rollout_went_while_nobody_watched_is_let_go_afterwards(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        var user = new RolloutUser(cluster);
        await user.CreateServiceAsync("one");
        await user.CreateAsync("""{"blueGreen": {"activeService": "one"}}""");
        await using (await RunningExecutor.InProcessAsync(cluster))
        {
            await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        }

        await user.DeleteAsync();
        await using var executor = await RunningExecutor.InProcessAsync(cluster);

        await Eventually.TrueAsync(() => IsFreeAsync(cluster, "one"), "the Service to be free");
    }

    private static Task CreateAsync(TestCluster cluster, string reference)
    {
        var rollout = JsonNode.Parse("""
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "app"},
             "spec": {"replicas": 2, "strategy": {"canary": {"steps": [{"setWeight": 50}, {"pause": {}}]}}}}
            """)!;
        rollout["spec"]!["workloadRef"] = JsonNode.Parse(reference);
        return cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(rollout, "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts");
    }

    private static async Task<bool> IsFreeAsync(TestCluster cluster, string name)
    {
        var service = await cluster.Client.CoreV1.ReadNamespacedServiceAsync(name, cluster.Namespace);
        return !service.Spec.Selector.ContainsKey(ArgoNames.PodTemplateHash) && service.Metadata.Annotations?.ContainsKey(ArgoNames.ManagedByRollouts) != true;
    }

    private static V1Deployment Deployment(string image)
    {
        Dictionary<string, string> labels = new() { ["app"] = "ref" };
        return new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "ref" },
            Spec = new V1DeploymentSpec
            {
                Replicas = 2,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "app", Image = image }] },
                },
            },
        };
    }
}
