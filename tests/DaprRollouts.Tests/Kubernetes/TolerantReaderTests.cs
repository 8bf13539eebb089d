using System.Text.Json;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class TolerantReaderTests
{
    [Fact]
    public void A_sound_object_is_read_whole()
    {
        var rollout = Read("""{"metadata": {"name": "web"}, "spec": {"replicas": 3, "strategy": {"canary": {"maxSurge": "25%"}}}}""");

        Assert.Empty(rollout.Unreadable);
        Assert.Equal(3, rollout.Spec!.Replicas);
        Assert.Equal("25%", rollout.Spec.Strategy!.Canary!.MaxSurge.ToString());
    }

    [Fact]
    public void A_member_that_cannot_be_read_is_left_out_and_reported()
    {
        var rollout = Read("""
            {"metadata": {"name": "web"}, "spec": {"replicas": 3, "minReadySeconds": "soon",
             "strategy": {"canary": {"steps": [{"setWeight": 10}, {"setWeight": "half"}, {"setWeight": 30}]}}}}
            """);

        Assert.Equal(3, rollout.Spec!.Replicas);
        Assert.Null(rollout.Spec.MinReadySeconds);
        Assert.Equal([10, null, 30], rollout.Spec.Strategy!.Canary!.Steps!.Select(s => s.SetWeight));
        Assert.Equal(2, rollout.Unreadable.Count);
        Assert.Contains(rollout.Unreadable, problem => problem.StartsWith("spec.strategy.canary.steps[1].setWeight: Invalid value: \"half\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_that_is_none_is_left_out_too()
    {
        var rollout = Read("""{"metadata": {"name": "web"}, "spec": {"restartAt": "noon"}, "status": {"phase": "Healthy"}}""");

        Assert.Null(rollout.Spec!.RestartAt);
        Assert.Equal("Healthy", rollout.Status!.Phase);
    }

    [Fact]
    public void A_spec_that_is_no_object_leaves_the_rest_readable()
    {
        var rollout = Read("""{"metadata": {"name": "web", "annotations": {"a.b/c": "d"}}, "spec": "all of it"}""");

        Assert.Null(rollout.Spec);
        Assert.Equal("d", rollout.Metadata.Annotations["a.b/c"]);
        Assert.Single(rollout.Unreadable);
    }

    private static Rollout Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TolerantReader.Read<Rollout>(document.RootElement);
    }
}
