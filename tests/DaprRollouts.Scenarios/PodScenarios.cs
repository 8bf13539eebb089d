using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Revisions;
using k8s;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>What rollouts do to the pods themselves, and to ReplicaSets that others made.</summary>
public sealed class PodScenarios
{
    private const string OnePause = """{"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": [{"setWeight": 50}, {"pause": {}}]METADATA}}""";

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Live_pods_wear_the_metadata_of_their_role(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(OnePause.Replace("METADATA", """, "canaryMetadata": {"labels": {"role": "canary"}}, "stableMetadata": {"labels": {"role": "stable"}}"""));
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.SetImageAsync("example/app:2");
        await user.WaitForPauseAsync(1);
        await Eventually.TrueAsync(async () => await RolesAsync(cluster) is ["canary", "stable"], "one pod of each role");
        var canary = (await PodsAsync(cluster)).Single(p => p.Metadata.Labels["role"] == "canary").Metadata.Name;

        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await Eventually.TrueAsync(async () => await RolesAsync(cluster) is ["stable", "stable"], "two stable pods");
        Assert.Contains(await PodsAsync(cluster), p => p.Metadata.Name == canary);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_restart_renews_every_pod_and_never_undercuts_what_was_asked_for(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {"maxSurge": 1, "maxUnavailable": 0}}""", replicas: 1);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        var before = (await PodsAsync(cluster)).Single();

        var at = ModelJson.Time((DateTimeOffset)DateTime.SpecifyKind(before.Metadata.CreationTimestamp!.Value, DateTimeKind.Utc).AddSeconds(1));
        await user.PatchAsync($$$"""{"spec": {"restartAt": "{{{at}}}"}}""");
        var least = int.MaxValue;
        await user.WaitAsync(
            s =>
            {
                least = Math.Min(least, s.AvailableReplicas ?? 0);
                return s is { Phase: RolloutPhase.Healthy, RestartedAt: not null, Replicas: 1 };
            },
            "the restart");

        Assert.Equal(1, least);
        Assert.NotEqual(before.Metadata.Name, (await PodsAsync(cluster)).Single(p => p.Metadata.DeletionTimestamp is null).Metadata.Name);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_name_that_somebody_else_s_ReplicaSet_has_is_left_to_it(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        var template = JsonNode.Parse("""{"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": "example/app:1"}]}}""")!;
        var taken = $"app-{PodTemplateHash.Of((JsonObject)template)}";
        var labels = new Dictionary<string, string> { ["app"] = "other" };
        await cluster.Client.AppsV1.CreateNamespacedReplicaSetAsync(
            new V1ReplicaSet
            {
                Metadata = new V1ObjectMeta { Name = taken },
                Spec = new V1ReplicaSetSpec
                {
                    Replicas = 0,
                    Selector = new V1LabelSelector { MatchLabels = labels },
                    Template = new V1PodTemplateSpec
                    {
                        Metadata = new V1ObjectMeta { Labels = labels }, Spec = new V1PodSpec { Containers = [new V1Container { Name = "app", Image = "example/app:1" }] },
                    },
                },
            },
            cluster.Namespace);

        await user.CreateAsync("""{"canary": {}}""");
        var healthy = await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        Assert.Equal(1, healthy.Status!.CollisionCount);
        Assert.NotEqual(taken, $"app-{healthy.Status.StableRs}");
        var other = await cluster.Client.AppsV1.ReadNamespacedReplicaSetAsync(taken, cluster.Namespace);
        Assert.Equal((0, null), (other.Spec.Replicas, other.Metadata.OwnerReferences));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Pods_of_a_new_revision_stay_off_the_nodes_of_the_stable_one(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(OnePause.Replace("METADATA", """, "antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 7}}"""));
        var stable = (await user.WaitForPhaseAsync(RolloutPhase.Healthy)).Status!.StableRs!;

        await user.SetImageAsync("example/app:2");
        var paused = await user.WaitForPauseAsync(1);

        var sets = (await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(cluster.Namespace)).Items.ToDictionary(r => r.Metadata.Labels[ArgoNames.PodTemplateHash]);
        Assert.Null(sets[stable].Spec.Template.Spec.Affinity);
        var term = Assert.Single(sets[paused.Status!.CurrentPodHash!].Spec.Template.Spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution);
        Assert.Equal((7, stable), (term.Weight, term.PodAffinityTerm.LabelSelector.MatchExpressions.Single().Values.Single()));

        var second = paused.Status.CurrentPodHash;
        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await user.SetImageAsync("example/app:1"); // back to a ReplicaSet that was made without a rule
        await user.WaitForPauseAsync(1);
        var back = (await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(cluster.Namespace)).Items.Single(r => r.Metadata.Labels[ArgoNames.PodTemplateHash] == stable);
        term = Assert.Single(back.Spec.Template.Spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution);
        Assert.Equal(second, term.PodAffinityTerm.LabelSelector.MatchExpressions.Single().Values.Single());
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Pods_that_outlived_their_Rollout_are_taken_over_by_the_next_of_its_name(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {}}""");
        var hash = (await user.WaitForPhaseAsync(RolloutPhase.Healthy)).Status!.StableRs;
        var pods = (await PodsAsync(cluster)).Select(p => p.Metadata.Name).Order().ToList();

        await cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(
            "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts", RolloutUser.Name, new V1DeleteOptions { PropagationPolicy = "Orphan" });
        await Eventually.TrueAsync(async () => (await SetsAsync(cluster)).All(r => r.Metadata.OwnerReferences is null or { Count: 0 }), "orphans");
        await Eventually.TrueAsync(async () => !await user.ExistsAsync(), "the Rollout to be gone");
        await user.CreateAsync("""{"canary": {}}""");
        var again = await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        Assert.Equal(hash, again.Status!.StableRs);
        Assert.Equal(pods, (await PodsAsync(cluster)).Select(p => p.Metadata.Name).Order());
        Assert.Equal(again.Metadata.Uid, Assert.Single((await SetsAsync(cluster)).Single().Metadata.OwnerReferences).Uid);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_ReplicaSet_whose_labels_somebody_changed_is_let_go_with_its_pods(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {}}""");
        var first = (await user.WaitForPhaseAsync(RolloutPhase.Healthy)).Status!.StableRs;
        var set = (await SetsAsync(cluster)).Single();
        await cluster.Client.AppsV1.PatchNamespacedReplicaSetAsync(
            new V1Patch("""{"metadata": {"labels": {"app": "mine"}}}""", V1Patch.PatchType.MergePatch), set.Metadata.Name, cluster.Namespace);

        await user.WaitAsync(s => s.Phase == RolloutPhase.Healthy && s.CurrentPodHash != first, "another ReplicaSet of the template");

        var released = (await SetsAsync(cluster)).Single(r => r.Metadata.Name == set.Metadata.Name);
        Assert.Empty(released.Metadata.OwnerReferences ?? []);
        Assert.Equal(set.Spec.Replicas, released.Spec.Replicas);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task An_autoscaler_finds_and_sets_the_size(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(OnePause.Replace("METADATA", ""));
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await user.SetImageAsync("example/app:2");
        await user.WaitForPauseAsync(1);

        var scale = await ScaleAsync(cluster, """{"spec": {"replicas": 4}}""");
        Assert.Equal("app=app", scale["status"]?["selector"]?.ToString());
        await user.WaitAsync(s => s is { Phase: RolloutPhase.Paused, AvailableReplicas: 4 }, "four pods, still in the pause");

        Assert.Equal([2, 2], (await user.SizesAsync()).Values);
        Assert.Equal(4, (int?)(await ScaleAsync(cluster, "{}"))["status"]?["replicas"]);
    }

    [Fact]
    public async Task A_restart_respects_a_disruption_budget_and_says_so()
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {"maxSurge": 0, "maxUnavailable": 1}}""", replicas: 1);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        var pod = (await PodsAsync(cluster)).Single();
        var budget = new V1PodDisruptionBudget
        {
            Metadata = new V1ObjectMeta { Name = "app" },
            Spec = new V1PodDisruptionBudgetSpec
            {
                MinAvailable = 1, Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = RolloutUser.Name } },
            },
        };
        await cluster.Client.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(budget, cluster.Namespace);
        await Eventually.TrueAsync(
            async () => (await cluster.Client.PolicyV1.ReadNamespacedPodDisruptionBudgetAsync("app", cluster.Namespace)).Status?.CurrentHealthy == 1, "the budget to be known");

        var at = ModelJson.Time((DateTimeOffset)DateTime.SpecifyKind(pod.Metadata.CreationTimestamp!.Value, DateTimeKind.Utc).AddSeconds(1));
        await user.PatchAsync($$$"""{"spec": {"restartAt": "{{{at}}}"}}""");
        await Eventually.TrueAsync(
            async () => (await executor.Http.GetStringAsync($"api/v1/namespaces/{user.Namespace}/rollouts/app/history")).Contains("a disruption budget forbids it", StringComparison.Ordinal),
            "the refusal");

        await user.WaitAsync(s => s.Message == "rollout is restarting", "the message");
        Assert.Equal(pod.Metadata.Uid, (await PodsAsync(cluster)).Single().Metadata.Uid);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_pod_template_that_the_server_refuses_makes_the_manifest_invalid_until_it_is_corrected(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.PatchAsync("""{"spec": {"template": {"metadata": {"labels": {"team": "no label!"}}}}}""");
        var refused = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Matches("^InvalidSpec: The Rollout \"app\" is invalid: [a-z.]+\\.labels: Invalid value: \"no label!\": a valid label must", refused.Status!.Message);
        await user.PatchAsync("""{"spec": {"template": {"metadata": {"labels": {"team": "blue"}}}}}""");
        var corrected = await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        Assert.DoesNotContain(corrected.Status!.Conditions!, c => c.Type == ConditionType.InvalidSpec);
    }

    private static async Task<JsonObject> ScaleAsync(TestCluster cluster, string patch) => JsonObject.Create(
        await cluster.Client.CustomObjects.PatchNamespacedCustomObjectScaleAsync<JsonElement>(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts", RolloutUser.Name))!;

    private static async Task<IList<V1ReplicaSet>> SetsAsync(TestCluster cluster) =>
        (await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(cluster.Namespace)).Items;

    private static async Task<IList<V1Pod>> PodsAsync(TestCluster cluster) => (await cluster.Client.CoreV1.ListNamespacedPodAsync(cluster.Namespace)).Items;

    private static async Task<IReadOnlyList<string>> RolesAsync(TestCluster cluster) =>
        [.. (await PodsAsync(cluster)).Where(p => p.Metadata.DeletionTimestamp is null).Select(p => p.Metadata.Labels.TryGetValue("role", out var role) ? role : "none").Order()];
}
