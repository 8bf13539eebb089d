using System.Text.Json.Nodes;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>Controllers and kubelets follow the clock that they are given.</summary>
public sealed class WorkloadsInVirtualTime
{
    [Fact]
    public async Task Pods_become_ready_when_their_delay_is_over()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Sets, Some.ReplicaSet(2, "kit/ready-after: 30s"));

        await cluster.AdvanceAsync(29);
        var before = (await cluster.GetAsync($"{Some.Sets}/web"))["status"]!;
        await cluster.AdvanceAsync(1);
        var after = (await cluster.GetAsync($"{Some.Sets}/web"))["status"]!;

        Assert.Null(before["readyReplicas"]);
        Assert.Equal(2, (int)after["readyReplicas"]!);
    }

    [Fact]
    public async Task A_ready_pod_is_available_only_after_min_ready_seconds()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Sets, Some.ReplicaSet(1, minReadySeconds: 10));

        await cluster.AdvanceAsync(5);
        var before = (await cluster.GetAsync($"{Some.Sets}/web"))["status"]!;
        await cluster.AdvanceAsync(6);
        var after = (await cluster.GetAsync($"{Some.Sets}/web"))["status"]!;

        Assert.Equal(1, (int)before["readyReplicas"]!);
        Assert.Null(before["availableReplicas"]);
        Assert.Equal(1, (int)after["availableReplicas"]!);
    }

    [Fact]
    public async Task Scaling_down_spares_the_pods_that_are_ready()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Sets, Some.ReplicaSet(2));
        await cluster.AdvanceAsync(1);
        var old = (await cluster.ListAsync(Some.Pods)).Select(Name).Order().ToArray();
        await cluster.PatchAsync($"{Some.Sets}/web", "spec: {replicas: 4, template: {metadata: {annotations: {kit/never-ready: \"true\"}}}}");
        await cluster.AdvanceAsync(1);

        await cluster.PatchAsync($"{Some.Sets}/web", "spec: {replicas: 2}");
        await cluster.AdvanceAsync(1);

        Assert.Equal(old, (await cluster.ListAsync(Some.Pods)).Select(Name).Order());
    }

    [Fact]
    public async Task A_rolling_update_keeps_to_its_bounds()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Deployments, Some.Deployment(4, "example/web:1"));
        await cluster.AdvanceAsync(1);

        await cluster.PatchAsync($"{Some.Deployments}/web", "spec: {template: {spec: {containers: [{name: web, image: \"example/web:2\"}]}}}");
        for (var i = 0; i < 20; i++)
        {
            await cluster.AdvanceAsync(0.1);
            var pods = (await cluster.ListAsync(Some.Pods)).Where(p => p!["metadata"]!["deletionTimestamp"] is null).ToArray();
            Assert.InRange(pods.Length, 3, 5);
            Assert.InRange(pods.Count(IsReady), 3, 5);
        }

        var status = (await cluster.GetAsync($"{Some.Deployments}/web"))["status"]!;
        Assert.Equal(4, (int)status["updatedReplicas"]!);
        Assert.Equal(4, (int)status["availableReplicas"]!);
    }

    [Fact]
    public async Task A_rollout_of_a_bad_image_exceeds_its_deadline_and_keeps_the_old_pods()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Deployments, Some.Deployment(4, "example/web:1"));
        await cluster.AdvanceAsync(1);

        await cluster.PatchAsync(
            $"{Some.Deployments}/web", "spec: {progressDeadlineSeconds: 20, template: {spec: {containers: [{name: web, image: \"example/web:bad\"}]}}}");
        await cluster.AdvanceAsync(25);

        var status = (await cluster.GetAsync($"{Some.Deployments}/web"))["status"]!;
        Assert.Equal(3, (int)status["availableReplicas"]!);
        Assert.Contains(status["conditions"]!.AsArray(), c => c!["reason"]!.ToString() == "ProgressDeadlineExceeded");
    }

    [Fact]
    public async Task A_failing_job_tries_again_ever_later_until_its_limit()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Jobs, Some.Job("exit 1", "backoffLimit: 2"));

        await cluster.AdvanceAsync(5);
        var first = (await cluster.ListAsync(Some.Pods)).Count;
        await cluster.AdvanceAsync(10);
        var second = (await cluster.ListAsync(Some.Pods)).Count;
        await cluster.AdvanceAsync(25);

        Assert.Equal((1, 2), (first, second));
        var status = (await cluster.GetAsync($"{Some.Jobs}/work"))["status"]!;
        Assert.Equal(3, (int)status["failed"]!);
        Assert.Equal("BackoffLimitExceeded", status["conditions"]![0]!["reason"]!.ToString());
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_ended()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Jobs, Some.Job("sleep 100", "activeDeadlineSeconds: 30"));

        await cluster.AdvanceAsync(31);

        var status = (await cluster.GetAsync($"{Some.Jobs}/work"))["status"]!;
        Assert.Equal("DeadlineExceeded", status["conditions"]![0]!["reason"]!.ToString());
        Assert.Null(status["active"]);
    }

    [Fact]
    public async Task A_finished_job_goes_when_its_time_to_live_is_over()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Jobs, Some.Job("sleep 3 && exit 0", "ttlSecondsAfterFinished: 60"));

        await cluster.AdvanceAsync(10);
        var status = (await cluster.GetAsync($"{Some.Jobs}/work"))["status"]!;
        await cluster.AdvanceAsync(60);

        Assert.Equal(1, (int)status["succeeded"]!);
        Assert.Empty(await cluster.ListAsync(Some.Jobs));
        Assert.Empty(await cluster.ListAsync(Some.Pods));
    }

    [Fact]
    public async Task A_deleted_pod_ends_when_its_pre_stop_hook_is_done()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Pods, """
            metadata: {name: slow}
            spec: {containers: [{name: a, image: "example/a:1", lifecycle: {preStop: {exec: {command: [sleep, "12"]}}}}]}
            """);
        await cluster.AdvanceAsync(1);

        await cluster.DeleteAsync($"{Some.Pods}/slow");
        await cluster.AdvanceAsync(11);
        var before = (await cluster.ListAsync(Some.Pods)).Count;
        await cluster.AdvanceAsync(2);

        Assert.Equal(1, before);
        Assert.Empty(await cluster.ListAsync(Some.Pods));
    }

    [Fact]
    public async Task Events_are_forgotten_after_an_hour()
    {
        await using var cluster = await VirtualCluster.StartAsync();
        await cluster.CreateAsync(Some.Sets, Some.ReplicaSet(1));
        var before = (await cluster.ListAsync("/api/v1/events")).Count;

        cluster.Clock.Advance(TimeSpan.FromMinutes(61));
        await cluster.Cluster.WhenIdleAsync();

        Assert.Equal(1, before);
        Assert.Empty(await cluster.ListAsync("/api/v1/events"));
    }

    private static string Name(JsonNode? item) => item!["metadata"]!["name"]!.ToString();

    private static bool IsReady(JsonNode? pod) => pod!["status"]!["conditions"]?.AsArray()
        .Any(c => c!["type"]!.ToString() == "Ready" && c["status"]!.ToString() == "True") ?? false;
}
