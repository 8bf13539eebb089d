using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;

namespace DaprRollouts.Scenarios;

/// <summary>Watches that lag by seconds, arrive out of order among kinds and break off: no decision rests on what they have not told yet.</summary>
public sealed class LaggingScenarios
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Late_watches_lead_to_no_double_step_no_wrong_size_and_no_stuck_rollout(int seed)
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var api = await LaggingApi.StartAsync(cluster, seed);
        await using var executor = await RunningExecutor.InProcessAsync(cluster, api.Kubeconfig);
        var user = new RolloutUser(cluster, patience: 180); // events wait behind each other
        await user.CreateAsync("""{"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": [{"setWeight": 25}, {"setWeight": 50}, {"pause": {}}, {"setWeight": 75}, {"pause": {"duration": "1s"}}]}}""", 4);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.SetImageAsync("example/app:2");
        await user.WaitForPauseAsync(2);
        Assert.Equal([2, 2], (await user.SizesAsync()).Values);
        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal([0, 4], (await user.SizesAsync()).OrderBy(s => s.Key).Select(s => s.Value));

        await Eventually.TrueAsync(async () => (await StepsAsync(cluster)).Count == 5, "the events of all steps");
        Assert.All(await StepsAsync(cluster), e => Assert.Equal(1, e.Count ?? 1));

        await user.SetImageAsync("example/app:3");
        await user.WaitForPauseAsync(2);
        await user.PatchStatusAsync("""{"status": {"abort": true}}""");
        await user.WaitAsync(s => s.Phase == RolloutPhase.Degraded && s.Replicas == 4 && s.AvailableReplicas == 4 && (s.UpdatedReplicas ?? 0) == 0, "the abort");
        Assert.True(api.Broken > 0, "no watch ever broke off");
    }

    [Fact]
    public async Task A_write_that_comes_too_late_is_no_error_and_costs_no_back_off()
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": [{"setWeight": 25}, {"setWeight": 50}, {"setWeight": 75}]}}""", 4);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.SetImageAsync("example/app:2");
        using var ended = new CancellationTokenSource();
        var others = WriteOftenAsync(user, ended.Token);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await ended.CancelAsync();
        await others;

        var metrics = await executor.Http.GetStringAsync("metrics");
        Assert.DoesNotContain($"rollout_reconcile_error{{namespace=\"{user.Namespace}\"", metrics, StringComparison.Ordinal);
    }

    // So often that some of the executor's writes come too late; for ever, that would be all of them. It is what a notification engine writes, and no part of the pods.
    private static async Task WriteOftenAsync(RolloutUser user, CancellationToken ended)
    {
        for (var i = 0; i < 500 && !ended.IsCancellationRequested; i++)
        {
            await user.PatchAsync("""{"metadata": {"annotations": {"notified.notifications.argoproj.io": "NUMBER"}}}""".Replace("NUMBER", $"{i}"));
        }
    }

    private static async Task<List<Corev1Event>> StepsAsync(TestCluster cluster) =>
        [.. (await cluster.Client.CoreV1.ListNamespacedEventAsync(cluster.Namespace)).Items.Where(e => e.Reason == Reason.RolloutStepCompleted)];
}
