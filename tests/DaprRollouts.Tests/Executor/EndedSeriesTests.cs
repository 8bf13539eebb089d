using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Executor.Telemetry;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Tests.Executor;

/// <summary>Series of objects that were deleted.</summary>
public sealed class EndedSeriesTests
{
    [Fact]
    public async Task They_outlive_the_object_for_a_while_and_stay_if_it_is_made_again()
    {
        var time = new FakeTimeProvider();
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });
        await using var cluster = new ClusterCache(client, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance);
        var series = new EndedSeries(cluster, time);
        await series.StartAsync(TestContext.Current.CancellationToken);
        Rollout[] all = [Made("gone"), Made("again")];
        foreach (var rollout in all)
        {
            cluster.Rollouts.Upsert(rollout);
            Turns.OfRollouts.Seconds.WithLabels("ended-series", rollout.Metadata.Name).Observe(1);
        }

        foreach (var rollout in all)
        {
            cluster.Rollouts.Remove(rollout);
        }

        time.Advance(EndedSeries.Grace - TimeSpan.FromSeconds(1));
        Assert.Equal(["again", "gone"], Names());
        cluster.Rollouts.Upsert(Made("again"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["again"], Names());
        await series.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Names() =>
        Turns.OfRollouts.Seconds.GetAllLabelValues().Where(l => l[0] == "ended-series").Select(l => l[1]).Order(StringComparer.Ordinal);

    private static Rollout Made(string name) =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "ended-series", Uid = Guid.NewGuid().ToString(), ResourceVersion = "1" } };
}
