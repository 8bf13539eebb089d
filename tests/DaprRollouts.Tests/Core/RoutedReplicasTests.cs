using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Tests.Core;

public sealed class RoutedReplicasTests
{
    [Theory]
    [InlineData(10, 10, 100, 1)]
    [InlineData(10, 25, 100, 3)]
    [InlineData(10, 33, 100, 4)]
    [InlineData(10, 99, 100, 10)]
    [InlineData(23, 100000000, 100000000, 23)]
    [InlineData(4, 200, 100, 8)]
    [InlineData(0, 50, 100, 0)]
    public void Pods_for_a_share_are_rounded_up(int replicas, int weight, int total, int pods) =>
        Assert.Equal(pods, RoutedReplicas.For(replicas, weight, total));

    [Theory]
    [InlineData(1, 2, 10, 2)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(0, 2, 10, 0)]
    [InlineData(3, null, 10, 3)]
    [InlineData(3, 2, 10, 3)]
    public void A_minimum_raises_what_is_not_nothing(int pods, int? minimum, int replicas, int raised) =>
        Assert.Equal(raised, RoutedReplicas.AtLeast(pods, minimum, replicas));

    // Desired pods, weights of the steps, available stable and canary pods, the weight now; then the weight.
    [Theory]
    [InlineData(5, new[] { 50 }, 4, 0, 0, 0)]
    [InlineData(5, new[] { 50 }, 3, 4, 100, 50)]
    [InlineData(5, new int[0], 1, 4, 100, 80)]
    [InlineData(5, new[] { 50 }, 5, 0, 20, 0)]
    public void The_way_back_follows_what_stable_can_take(int replicas, int[] steps, int stable, int canary, int current, int weight)
    {
        var step = RoutedReplicas.StepDown(steps, replicas, 100, stable, canary);

        Assert.Equal(weight, RoutedReplicas.WayBack(replicas, 100, stable, step, current));
    }

    [Theory]
    [InlineData(9, 5, 10)]
    [InlineData(5, null, 10)]
    [InlineData(9, null, 0)]
    public void A_step_down_keeps_pods_that_are_there_or_still_missed(int stable, int? canary, int step) =>
        Assert.Equal(step, RoutedReplicas.StepDown([10, 50], 10, 100, stable, canary));
}
