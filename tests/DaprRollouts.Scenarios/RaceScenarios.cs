using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>
/// Many rollouts at once, each updated, aborted, retried, promoted and scaled at random, while the executor is killed and started again. Left alone, all come to
/// what was asked for last. RACE_ROLLOUTS and RACE_SECONDS make it bigger, RACE_SEED repeats the wishes of a run.
/// </summary>
public sealed class RaceScenarios(ITestOutputHelper output)
{
    private const int MostReplicas = 4;
    private const int Surge = 1;

    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Whatever_users_and_crashes_do_all_rollouts_end_as_asked_for(string kind)
    {
        var seed = Number("RACE_SEED", Environment.TickCount);
        output.WriteLine($"RACE_SEED={seed}");
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.AsProcessAsync(cluster);
        var racers = Enumerable.Range(0, Number("RACE_ROLLOUTS", 6)).Select(i => new Racer(cluster, $"app-{i}", new Random(seed + i))).ToList();
        await Task.WhenAll(racers.Select(r => r.CreateAsync()));
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(cluster, racers, watching.Token);

        var end = DateTime.UtcNow + TimeSpan.FromSeconds(Number("RACE_SECONDS", 15));
        var users = Task.WhenAll(racers.Select(r => r.PlayAsync(end)));
        while (DateTime.UtcNow + BetweenKills < end)
        {
            await Task.WhenAny(users, Task.Delay(BetweenKills, TestContext.Current.CancellationToken));
            await executor.KillAndRestartAsync();
        }

        await users;
        await executor.KillAndRestartAsync();
        await Task.WhenAll(racers.Select(r => r.ReachEndAsync()));
        await watching.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        Assert.All(racers, r => Assert.True(r.MostPods <= MostReplicas + Surge, $"{r.Name} had {r.MostPods} pods"));
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    // Every version of every ReplicaSet, as the API server tells it.
    private static async Task WatchAsync(TestCluster cluster, List<Racer> racers, CancellationToken cancel)
    {
        var byName = racers.ToDictionary(r => r.Name);
        while (!cancel.IsCancellationRequested)
        {
            var list = await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(cluster.Namespace, cancellationToken: cancel);
            foreach (var sets in list.Items.GroupBy(r => r.OwnerReferences().Single().Name))
            {
                byName[sets.Key].See([.. sets]); // all of one moment
            }

            await foreach (var (type, rs) in cluster.Client.AppsV1.WatchListNamespacedReplicaSetAsync(
                cluster.Namespace, resourceVersion: list.ResourceVersion(), cancellationToken: cancel))
            {
                byName[rs.OwnerReferences().Single().Name].See(rs, type == WatchEventType.Deleted);
            }
        }
    }

    /// <summary>One Rollout and its restless user.</summary>
    private sealed class Racer(TestCluster cluster, string name, Random random)
    {
        private readonly ConcurrentDictionary<string, int> _sizes = new();
        private string _last = "nothing";

        public string Name => name;

        /// <summary>The most pods that its ReplicaSets ever asked for together.</summary>
        public int MostPods { get; private set; }

        public void See(IReadOnlyList<V1ReplicaSet> all)
        {
            _sizes.Clear();
            foreach (var rs in all)
            {
                _sizes[rs.Uid()] = rs.Spec.Replicas ?? 0;
            }

            MostPods = Math.Max(MostPods, _sizes.Values.Sum());
        }

        public void See(V1ReplicaSet rs, bool gone)
        {
            _sizes[rs.Uid()] = gone ? 0 : rs.Spec.Replicas ?? 0;
            MostPods = Math.Max(MostPods, _sizes.Values.Sum());
        }

        public Task CreateAsync() => cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(
            JsonNode.Parse($$$$$"""
                {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "{{{{{name}}}}}"},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "{{{{{name}}}}}"}},
                  "strategy": {"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": [{"setWeight": 25}, {"pause": {"duration": "1s"}}, {"setWeight": 50}, {"pause": {}}]}},
                  "template": {"metadata": {"labels": {"app": "{{{{{name}}}}}"}}, "spec": {"containers": [{"name": "app", "image": "example/app:1"}]}}}}
                """),
            "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts");

        public async Task PlayAsync(DateTime until)
        {
            while (DateTime.UtcNow < until)
            {
                await WishAsync();
                await Task.Delay(random.Next(50, 1500), TestContext.Current.CancellationToken);
            }
        }

        /// <summary>The last wish is a full promotion: then nothing but that revision is left.</summary>
        public async Task ReachEndAsync()
        {
            await PatchAsync("""{"spec": {"paused": false}}""");
            await Eventually.TrueAsync(
                async () =>
                {
                    var rollout = await GetAsync();
                    var status = rollout.Status ?? new RolloutStatus();
                    _last = JsonSerializer.Serialize(status, ModelJson.Options);
                    if (status.ObservedGeneration != $"{rollout.Metadata.Generation}")
                    {
                        return false;
                    }

                    if (status.StableRs != status.CurrentPodHash && status.PromoteFull != true)
                    {
                        await PatchAsync("""{"status": {"promoteFull": true, "pauseConditions": null}}""", status: true);
                    }

                    return status.Phase == RolloutPhase.Healthy && status.AvailableReplicas == rollout.Spec!.Replicas && status.Replicas == rollout.Spec.Replicas;
                },
                $"{name} to be Healthy",
                () => _last);
            var sizes = (await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(cluster.Namespace, labelSelector: $"app={name}")).Items;
            Assert.Single(sizes, r => r.Spec.Replicas > 0);
        }

        private Task WishAsync() => random.Next(8) switch
        {
            0 or 1 => PatchAsync("""{"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "example/app:TAG"}]}}}}""".Replace("TAG", $"{random.Next(1, 6)}")),
            2 => PatchAsync("""{"status": {"abort": true}}""", status: true),
            3 => PatchAsync("""{"status": {"abort": false}}""", status: true),
            4 => PatchAsync("""{"status": {"pauseConditions": null}}""", status: true),
            5 => PatchAsync("""{"spec": {"replicas": N}}""".Replace("N", $"{random.Next(1, MostReplicas + 1)}")),
            6 => PatchAsync("""{"spec": {"paused": B}}""".Replace("B", random.Next(2) == 0 ? "true" : "false")),
            _ => PatchAsync("""{"status": {"promoteFull": true}}""", status: true),
        };

        private Task PatchAsync(string patch, bool status = false)
        {
            var body = new V1Patch(patch, V1Patch.PatchType.MergePatch);
            return status
                ? cluster.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(body, "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts", name)
                : cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(body, "argoproj.io", "v1alpha1", cluster.Namespace, "rollouts", name);
        }

        private async Task<Rollout> GetAsync() => TolerantReader.Read<Rollout>(
            await cluster.Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("argoproj.io", "v1alpha1", cluster.Namespace, "rollouts", name));
    }
}
