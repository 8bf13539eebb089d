using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Tests.Core;

public sealed class ProgressThresholdTests
{
    [Theory]
    [InlineData("Percent", 90, 9, 10, 3, true)]
    [InlineData("Percent", 90, 8, 10, 10, false)]
    [InlineData("Percent", 100, 100, 10, 10, true)]
    [InlineData("Percent", 90, 0, 0, 5, true)]
    [InlineData("Percent", 0, 0, 10, 10, true)]
    [InlineData("Percent", -1, 9, 10, 10, false)]
    [InlineData("Pods", 9, 9, 10, 3, true)]
    [InlineData("Pods", 8, 7, 10, 10, false)]
    [InlineData("Pods", 8, 5, 5, 5, false)]
    [InlineData("Pods", -100, 10, 10, 10, true)]
    public void Enough_pods_are_so_many_or_such_a_share(string type, int value, int available, int desired, int size, bool met) => Assert.Equal(
        met, ProgressThreshold.IsMet(new ReplicaProgressThreshold { Type = type, Value = value }, new PodCounts(size, available), desired));

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(5, 10, false)]
    [InlineData(10, 9, false)]
    public void Without_a_threshold_all_pods_must_exist_and_be_available(int size, int available, bool met) =>
        Assert.Equal(met, ProgressThreshold.IsMet(null, new PodCounts(size, available), 10));
}
