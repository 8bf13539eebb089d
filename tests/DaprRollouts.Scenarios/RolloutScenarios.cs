using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Scenarios;

/// <summary>Whole rollouts, with the executor as a user starts it. Each runs on every kind of cluster there is.</summary>
public sealed class RolloutScenarios
{
    private const string TwoPauses =
        """{"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": [{"setWeight": 50}, {"pause": {}}, {"setWeight": 75}, {"pause": {}}]}}""";

    public static TheoryData<string> Clusters => TestCluster.Kinds;

    public static TheoryData<string, string> WaysToAbort
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var way in (string[])["patch", "http", "pubsub", "event"])
            {
                data.Add("embedded", way);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_canary_goes_through_its_steps(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);

        await user.CreateAsync(TwoPauses, replicas: 4);
        var first = await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(WorkflowIds.Rollout("app", first.Metadata.Uid, 1), first.Metadata.Annotations[OwnNames.WorkflowId]);

        await user.SetImageAsync("example/app:2");
        await user.WaitForPauseAsync(1);
        Assert.Equal([(1, 2), (2, 2)], (await user.SizesAsync()).OrderBy(s => s.Key).Select(s => ((int)s.Key, s.Value)));

        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        await user.WaitForPauseAsync(3);
        await user.PatchAsync("""{"spec": {"replicas": 8}}""");
        await user.WaitAsync(s => s.AvailableReplicas == 8, "eight pods");

        await user.PatchStatusAsync("""{"status": {"promoteFull": true}}""");
        var last = await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(last.Status!.CurrentPodHash, last.Status.StableRs);
        Assert.Equal(8, (await user.SizesAsync())[2]);
        await Eventually.TrueAsync(async () => (await user.EventReasonsAsync()).Contains(Reason.RolloutCompleted), "the events");
        Assert.Equal(
            [
                Reason.RolloutAddedToInformer, Reason.RolloutUpdated, Reason.NewReplicaSetCreated, Reason.RolloutNotCompleted, Reason.ScalingReplicaSet, Reason.RolloutCompleted,
                Reason.RolloutUpdated, Reason.NewReplicaSetCreated, Reason.RolloutNotCompleted,
            ],
            (await user.EventReasonsAsync()).Take(9));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_blue_green_update_moves_the_service_when_promoted(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateServiceAsync("active");
        await user.CreateServiceAsync("preview");
        await user.CreateAsync("""{"blueGreen": {"activeService": "active", "previewService": "preview", "autoPromotionEnabled": false, "scaleDownDelaySeconds": 1}}""");
        var first = (await user.WaitForPhaseAsync(RolloutPhase.Healthy)).Status!.StableRs;

        await user.SetImageAsync("example/app:2");
        await user.WaitForPhaseAsync(RolloutPhase.Paused);
        Assert.Equal(first, await user.ServiceHashAsync("active"));
        Assert.NotEqual(first, await user.ServiceHashAsync("preview"));

        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        var last = await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(last.Status!.StableRs, await user.ServiceHashAsync("active"));
        await Eventually.TrueAsync(async () => (await user.SizesAsync())[1] == 0, "the old pods to go");
    }

    [Theory]
    [MemberData(nameof(WaysToAbort))]
    public async Task An_abort_has_the_same_effect_whichever_way_it_comes(string kind, string way)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(TwoPauses);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await user.SetImageAsync("example/app:2");
        var rollout = await user.WaitForPauseAsync(1);

        var signal = new { @namespace = user.Namespace, rollout = RolloutUser.Name, action = "abort", reason = "errors", by = "a test" };
        switch (way)
        {
            case "patch":
                await user.PatchStatusAsync("""{"status": {"abort": true}}""");
                break;
            case "http":
                var answer = await executor.Http.PostAsJsonAsync($"api/v1/namespaces/{user.Namespace}/rollouts/app/signals", signal);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                break;
            case "pubsub":
                var subscriptions = await executor.Http.GetFromJsonAsync<JsonElement>("dapr/subscribe");
                var route = subscriptions.EnumerateArray().Single(s => s.GetProperty("topic").GetString() == "rollouts.signals").GetProperty("route").GetString()!;
                var cloudEvent = new { id = "1", source = "ci", type = "com.dapr.event.sent", specversion = "1.0", topic = "rollouts.signals", pubsubname = "rollouts-pubsub", data = signal };
                var delivered = await executor.Http.PostAsync(route, JsonContent.Create(cloudEvent, new MediaTypeHeaderValue("application/cloudevents+json")));
                Assert.Equal("SUCCESS", (await delivered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
                break;
            default:
                await executor.Workflows.RaiseEventAsync(rollout.Metadata.Annotations[OwnNames.WorkflowId], "signal", signal);
                break;
        }

        var aborted = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Equal("RolloutAborted: Rollout aborted update to revision 2", aborted.Status!.Message);
        await Eventually.TrueAsync(async () => (await user.SizesAsync()) is var sizes && sizes[1] == 2 && sizes[2] == 0, "stable to have all pods");
        if (way != "patch")
        {
            var history = "";
            await Eventually.TrueAsync(
                async () => (history = await executor.Http.GetStringAsync($"api/v1/namespaces/{user.Namespace}/rollouts/app/history")).Contains("a test", StringComparison.Ordinal),
                "the history to name the sender",
                () => history);
            Assert.Contains("errors", history, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Killing_the_executor_again_and_again_changes_nothing_about_the_end(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.AsProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {"steps": [{"setWeight": 25}, {"pause": {"duration": "2s"}}, {"setWeight": 50}, {"pause": {"duration": "2s"}}, {"setWeight": 75}, {"pause": {}}]}}""", 4);
        await executor.KillAndRestartAsync();
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.SetImageAsync("example/app:2");
        for (var kills = 0; kills < 3; kills++)
        {
            await executor.KillAndRestartAsync();
        }

        await user.WaitForPauseAsync(5);
        Assert.Equal([1, 3], (await user.SizesAsync()).OrderBy(s => s.Key).Select(s => s.Value));
        await executor.KillAndRestartAsync();
        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        Assert.Equal(2, (await user.SizesAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task With_the_engine_data_lost_the_rollout_goes_on_from_where_it_was(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(TwoPauses);
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
        await user.SetImageAsync("example/app:2");
        var paused = await user.WaitForPauseAsync(1);

        await executor.LoseDataAndRestartAsync();
        await user.PatchStatusAsync("""{"status": {"pauseConditions": null}}""");

        var next = await user.WaitForPauseAsync(3);
        Assert.Equal(paused.Status!.StableRs, next.Status!.StableRs);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_rollout_that_cannot_be_run_says_why_and_touches_no_pod(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {"steps": [{"setWeight": 50}]}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        await user.PatchAsync("""{"spec": {"strategy": {"canary": {"steps": [{"setWeight": 120}]}}}}""");
        var invalid = await user.WaitForPhaseAsync(RolloutPhase.Degraded);
        Assert.Equal(
            "InvalidSpec: The Rollout \"app\" is invalid: spec.strategy.canary.steps[0].setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100",
            invalid.Status!.Message);
        Assert.Equal(2, (await user.SizesAsync())[1]);

        await user.PatchAsync("""{"spec": {"strategy": {"canary": {"steps": [{"setWeight": 20}]}}}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_first_deployment_is_told_in_the_order_that_scripts_know(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync("""{"canary": {}}""");
        await user.WaitForPhaseAsync(RolloutPhase.Healthy);

        string[] expected =
            ["RolloutAddedToInformer", "RolloutUpdated", "NewReplicaSetCreated", "RolloutNotCompleted", "ScalingReplicaSet", "RolloutCompleted"];
        IReadOnlyList<string> reasons = [];
        await Eventually.TrueAsync(async () => (reasons = await user.EventReasonsAsync()).Count >= expected.Length, "the events");
        Assert.Equal(expected, reasons);
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_deleted_rollout_takes_its_pods_and_its_workflow_with_it(string kind)
    {
        await using var cluster = await TestCluster.StartAsync(kind);
        await using var executor = await RunningExecutor.InProcessAsync(cluster);
        var user = new RolloutUser(cluster);
        await user.CreateAsync(TwoPauses);
        var workflow = (await user.WaitForPhaseAsync(RolloutPhase.Healthy)).Metadata.Annotations[OwnNames.WorkflowId];

        await user.DeleteAsync();

        await Eventually.TrueAsync(async () => (await user.SizesAsync()).Count == 0, "the ReplicaSets to go");
        await Eventually.TrueAsync(async () => (await executor.Workflows.GetWorkflowStateAsync(workflow)).IsWorkflowCompleted, "the workflow to end");
    }

    [Theory]
    [InlineData("""{"action": "explode"}""", "action: \"explode\" is unknown")]
    [InlineData("""{"reason": "none"}""", "action: missing")]
    [InlineData("not JSON", "the body is not JSON")]
    public async Task A_malformed_signal_is_refused_with_the_reason(string body, string reason)
    {
        await using var cluster = await TestCluster.StartAsync("embedded");
        await using var executor = await RunningExecutor.InProcessAsync(cluster);

        var answer = await executor.Http.PostAsync($"api/v1/namespaces/{cluster.Namespace}/rollouts/app/signals", new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);

        var delivered = await executor.Http.PostAsync("dapr/signals", new StringContent($$"""{"id": "1", "data": {{(body.StartsWith('{') ? body : "7")}}}"""));
        Assert.Equal("DROP", (await delivered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
    }
}
