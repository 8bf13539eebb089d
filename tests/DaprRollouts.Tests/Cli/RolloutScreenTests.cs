using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
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
    public void A_status_of_an_older_manifest_counts_as_progressing()
    {
        var picture = Picture();
        picture.Rollout.Metadata.Generation = 3;

        Assert.Equal(("Progressing", "waiting for rollout spec update to be observed"), ClientView.Of(picture.Rollout));
    }

    [Fact]
    public void The_list_has_a_line_for_each_rollout()
    {
        var console = new TestConsole().Width(160);

        console.Write(DaprRollouts.Cli.Verbs.ListVerb.Table([Picture().Rollout], namespaces: true, wide: false, Now));

        Assert.Equal("demo shop Canary Paused 1/3 4 4 1 4 3h", string.Join(' ', console.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static RolloutPicture Picture()
    {
        var rollout = Read<Rollout>("""
            {"metadata": {"namespace": "demo", "name": "shop", "uid": "u1", "generation": 2, "creationTimestamp": "2026-01-01T09:00:00Z"},
             "spec": {"replicas": 4, "selector": {"matchLabels": {"app": "shop"}},
              "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "shop", "image": "shop:2"}]}},
              "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}]}}},
             "status": {"phase": "Paused", "message": "CanaryPauseStep", "observedGeneration": "2", "currentStepIndex": 1, "stableRS": "aaa",
              "currentPodHash": "bbb", "controllerPause": true, "replicas": 4, "updatedReplicas": 1, "availableReplicas": 4, "readyReplicas": 4,
              "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": "2026-01-01T11:59:00Z"}]}}
            """);
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
            {"metadata": {"namespace": "demo", "name": "shop-{{{hash}}}", "creationTimestamp": "{{{created}}}", "labels": {"rollouts-pod-template-hash": "{{{hash}}}"},
              "annotations": {"rollout.argoproj.io/revision": "{{{revision}}}"} },
             "spec": {"replicas": {{{size}}}, "template": {{{template.ToJsonString()}}}},
             "status": {"replicas": {{{size}}}, "readyReplicas": {{{size}}}, "availableReplicas": {{{size}}}}}
            """);
    }

    private static T Read<T>(string json)
        where T : ClusterObject => TolerantReader.Read<T>(JsonSerializer.Deserialize<JsonElement>(json));
}
