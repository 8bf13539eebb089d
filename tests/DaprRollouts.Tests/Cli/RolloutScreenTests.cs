using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Cli;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;
using Spectre.Console;
using Spectre.Console.Testing;

namespace DaprRollouts.Tests.Cli;

/// <summary>What a rollout looks like on the screen.</summary>
public sealed class RolloutScreenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_canary_in_its_pause_shows_step_weights_images_and_that_the_executor_lags()
    {
        var lines = Header.Of(Picture(), Now).ToLookup(l => l.Name, l => l.Value);

        Assert.Equal(["॥ Paused"], lines["Status:"]);
        Assert.Equal(["CanaryPauseStep"], lines["Message:"]);
        Assert.Equal(["the executor, which has work to do"], lines["Waiting for:"]);
        Assert.Equal(["1/3  (pause)"], lines["  Step:"]);
        Assert.Equal(["20"], lines["  SetWeight:"]);
        Assert.Equal(["25"], lines["  ActualWeight:"]);
        Assert.Equal(["shop:2 (canary)"], lines["Images:"]);
        Assert.Equal(["shop:1 (stable)"], lines[""]);
    }

    [Fact]
    public void The_tree_has_the_newest_revision_first_with_its_analyses()
    {
        var console = new TestConsole().Width(160);

        console.Write(RolloutScreen.Of(Picture(), Now));

        var tree = console.Lines.SkipWhile(l => !l.StartsWith("NAME ", StringComparison.Ordinal)).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(
            [
                "NAME KIND STATUS AGE REMARKS",
                "shop Rollout ॥ Paused 3h",
                "├─ revision:2 Revision",
                "│ ├─ shop-bbb ReplicaSet ✔ Healthy 5m canary, 1/1 available",
                "│ └─ shop-bbb-2-1 AnalysisRun ◌ Measuring 30s errors 2/5 ✔ 1 ✖ 1 last 7",
                "└─ revision:1 Revision",
                "└─ shop-aaa ReplicaSet ✔ Healthy 3h stable, 3/3 available",
            ],
            tree);
    }

    [Fact]
    public void A_wide_tree_says_where_pods_are_and_what_ReplicaSets_run()
    {
        var console = new TestConsole().Width(200);
        var picture = Picture();
        var placed = Pod("shop-bbb-1", picture.ReplicaSets[1]);
        (placed.Spec.NodeName, placed.Status.PodIP) = ("node-1", "10.0.0.7");

        console.Write(RolloutScreen.Of(picture with { Pods = [placed, Pod("shop-bbb-2", picture.ReplicaSets[1])] }, Now, wide: true));

        var tree = console.Lines.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("NAME KIND STATUS AGE REMARKS IP NODE IMAGES", tree);
        Assert.Contains("│ ├─ shop-bbb ReplicaSet ✔ Healthy 5m canary, 1/1 available shop:2", tree);
        Assert.Contains("│ │ ├─ shop-bbb-1 Pod ✔ Running ready:1/1 10.0.0.7 node-1", tree);
        Assert.Contains("│ │ └─ shop-bbb-2 Pod ✔ Running ready:1/1 <none> <none>", tree);
    }

    [Fact]
    public async Task A_terminal_that_is_too_narrow_breaks_no_words()
    {
        using var console = new TestConsole().Width(50).Colors(ColorSystem.NoColors);
        await using var error = new StringWriter();

        new Shell(console, error, TimeProvider.System).Show(RolloutScreen.Of(Picture(), Now));
        Assert.Contains("│  └─ shop-bbb-2-1  AnalysisRun  ◌ Measuring  30s  errors 2/5 ✔ 1 ✖ 1 last 7", console.Output.Split('\n'));

        using var live = new TestConsole().Width(50);
        live.Write(RolloutScreen.Of(Picture(), Now));
        Assert.Equal("│  └─ shop-bbb-2-1  AnalysisRun  ◌ Measuring  30s", live.Lines.Single(l => l.Contains("AnalysisRun", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_a_pod_that_cannot_start_the_reason_is_shown()
    {
        var picture = Picture();
        var pod = Pod("shop-bbb-1", picture.ReplicaSets[1]);
        pod.Status = new V1PodStatus
        {
            Phase = "Pending",
            InitContainerStatuses = [new V1ContainerStatus { State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff" } } }],
        };

        Assert.Equal("Init:CrashLoopBackOff", TreeRows.Of(picture with { Pods = [pod] }, Now).Single(r => r.Kind == "Pod").Status);
    }

    [Theory]
    [InlineData("", "shop:2 (canary, ping)", "shop:1 (stable, pong)")]
    [InlineData("""{"status": {"canary": {"stablePingPong": "ping"}}}""", "shop:2 (canary, pong)", "shop:1 (stable, ping)")]
    public void Where_Services_take_turns_it_says_whose_it_is(string patch, string canary, string stable)
    {
        var turns = """{"spec": {"strategy": {"canary": {"pingPong": {"pingService": "a", "pongService": "b"}}}}}""";

        var lines = Header.Of(Picture(turns, patch), Now).ToLookup(l => l.Name, l => l.Value);

        Assert.Equal([canary], lines["Images:"]);
        Assert.Equal([stable], lines[""]);
    }

    [Fact]
    public void A_router_with_a_total_of_its_own_shares_out_that_much()
    {
        var promoted = """
            {"spec": {"strategy": {"canary": {"trafficRouting": {"maxTrafficWeight": 1000, "nginx": {}}}}}, "status": {"stableRS": "bbb", "currentStepIndex": 3, "controllerPause": null, "pauseConditions": null}}
            """;

        var lines = Header.Of(Picture(promoted), Now).ToLookup(l => l.Name, l => l.Value);

        Assert.Equal(["1000", "1000"], [.. lines["  SetWeight:"], .. lines["  ActualWeight:"]]);
    }

    [Theory]
    [InlineData("""{"metadata": {"generation": 3}}""", "Progressing", "waiting for rollout spec update to be observed")]
    [InlineData("""{"status": {"pauseConditions": null}}""", "Progressing", "waiting for rollout to unpause")]
    [InlineData("""{"status": {"phase": "Degraded", "message": "aborted", "abort": true, "abortedAt": "2026-01-01T11:59:00Z"}}""", "Degraded", "aborted")]
    [InlineData("""{"status": {"phase": "Degraded", "message": "aborted", "abort": false, "abortedAt": "2026-01-01T11:59:00Z"}}""", "Progressing", "waiting for rollout to go on")]
    [InlineData("""{"status": {"phase": "Degraded", "message": "aborted", "abort": true, "abortedAt": "2026-01-01T11:59:00Z", "promoteFull": true}}""", "Progressing", "waiting for rollout to go on")]
    [InlineData("""{"status": {"phase": "Degraded", "message": "late", "promoteFull": true}}""", "Degraded", "late")]
    public void What_nobody_has_acted_on_yet_counts_as_progressing(string patch, string phase, string message) =>
        Assert.Equal((phase, message), SummaryOf.PhaseAsShown(Picture(patch).Seen.Rollout));

    [Theory]
    [InlineData(4L, "", "Progressing")]
    [InlineData(4L, """{"status": {"phase": "Degraded", "conditions": [{"type": "InvalidSpec", "status": "True"}]}}""", "Degraded")]
    [InlineData(3L, "", "Paused")]
    public void A_workload_that_nobody_has_looked_at_yet_counts_as_progress_if_it_can_be_run(long generation, string patch, string phase) =>
        Assert.Equal(phase, SummaryOf.PhaseAsShown(Picture("""{"status": {"workloadObservedGeneration": "3"}}""", patch).Seen.Rollout, generation).Phase);

    [Fact]
    public void The_list_has_a_line_for_each_rollout()
    {
        var console = new TestConsole().Width(160);

        console.Write(DaprRollouts.Cli.Verbs.ListVerb.Table([Picture().Rollout], new(Namespaces: true, Timestamps: true), Now));

        Assert.Equal(
            ["TIMESTAMP NAMESPACE NAME STRATEGY STATUS STEP SET-WEIGHT READY DESIRED UP-TO-DATE AVAILABLE AGE", "2026-01-01T12:00:00Z demo shop Canary Paused 1/3 20 4/4 4 1 4 3h"],
            console.Lines.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    private static V1Pod Pod(string name, ReplicaSet owner) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, OwnerReferences = [new V1OwnerReference { Uid = owner.Metadata.Uid, Name = owner.Metadata.Name, Controller = true }] },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "shop" }] },
        Status = new V1PodStatus { Phase = "Running", ContainerStatuses = [new V1ContainerStatus { Ready = true }] },
    };

    private static RolloutPicture Picture(params IReadOnlyList<string> patches)
    {
        var manifest = (JsonObject)JsonNode.Parse("""
            {"metadata": {"namespace": "demo", "name": "shop", "uid": "u1", "generation": 2, "creationTimestamp": "2026-01-01T09:00:00Z"},
             "spec": {"replicas": 4, "selector": {"matchLabels": {"app": "shop"}},
              "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "shop", "image": "shop:2"}]}},
              "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}]}}},
             "status": {"phase": "Paused", "message": "CanaryPauseStep", "observedGeneration": "2", "currentStepIndex": 1, "stableRS": "aaa",
              "currentPodHash": "bbb", "controllerPause": true, "replicas": 4, "updatedReplicas": 1, "availableReplicas": 4, "readyReplicas": 4,
              "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": "2026-01-01T11:59:00Z"}]}}
            """)!;
        var rollout = Read<Rollout>(patches.Where(p => p.Length > 0).Aggregate(manifest, (m, p) => MergePatch.Apply(m, (JsonObject)JsonNode.Parse(p)!)).ToJsonString());
        List<ReplicaSet> sets = [Set("aaa", 1, 3, "shop:1", "2026-01-01T09:00:00Z"), Set("bbb", 2, 1, "shop:2", "2026-01-01T11:55:00Z")];
        var run = Read<AnalysisRun>("""
            {"metadata": {"namespace": "demo", "name": "shop-bbb-2-1", "creationTimestamp": "2026-01-01T11:59:30Z",
              "annotations": {"rollout.argoproj.io/revision": "2"}},
             "spec": {"metrics": [{"name": "errors", "count": 5}]},
             "status": {"phase": "Running", "metricResults": [{"name": "errors", "phase": "Running", "count": 2, "successful": 1, "failed": 1,
              "measurements": [{"phase": "Failed", "value": "7"}]}]}}
            """);
        var seen = new Observation { Rollout = Views.Of(rollout), ReplicaSets = [.. sets.Select(Views.Of)], AnalysisRuns = [Views.Of(run)] };
        return new RolloutPicture(rollout, seen, sets, [], [run]);
    }

    private static ReplicaSet Set(string hash, int revision, int size, string image, string created)
    {
        var template = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shop", ["rollouts-pod-template-hash"] = hash } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "shop", ["image"] = image }) },
        };
        return Read<ReplicaSet>($$$"""
            {"metadata": {"namespace": "demo", "name": "shop-{{{hash}}}", "uid": "{{{hash}}}", "creationTimestamp": "{{{created}}}", "labels": {"rollouts-pod-template-hash": "{{{hash}}}"},
              "annotations": {"rollout.argoproj.io/revision": "{{{revision}}}"} },
             "spec": {"replicas": {{{size}}}, "template": {{{template.ToJsonString()}}}},
             "status": {"replicas": {{{size}}}, "readyReplicas": {{{size}}}, "availableReplicas": {{{size}}}}}
            """);
    }

    private static T Read<T>(string json)
        where T : ClusterObject => TolerantReader.Read<T>(JsonSerializer.Deserialize<JsonElement>(json));
}
