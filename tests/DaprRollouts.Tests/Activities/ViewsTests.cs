using System.Text.Json;
using DaprRollouts.Activities;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Tests.Activities;

public sealed class ViewsTests
{
    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(4, 3, 3)]
    [InlineData(0, 2, 0)]
    public void No_more_pods_count_as_available_than_a_ReplicaSet_is_to_keep(int size, int counted, int available)
    {
        var json = $$$$"""
            {"metadata": {"name": "app-a", "namespace": "default", "creationTimestamp": "2026-01-01T00:00:00Z", "generation": 2}, "spec": {"replicas": {{{{size}}}}},
             "status": {"replicas": 3, "readyReplicas": {{{{counted}}}}, "availableReplicas": {{{{counted}}}}, "observedGeneration": 1}}
            """;

        var view = Views.Of(TolerantReader.Read<ReplicaSet>(JsonSerializer.Deserialize<JsonElement>(json)));

        Assert.Equal((available, available, 3, false), (view.Available, view.Ready, view.Pods, view.Observed));
    }
}
