using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>When a canary that has done its steps becomes stable.</summary>
public sealed class PromotionPlanningTests
{
    [Theory]
    [InlineData(10, 10, null, 0, true)]
    [InlineData(10, 9, null, 0, false)]
    [InlineData(10, 9, "Percent", 90, true)]
    [InlineData(10, 8, "Percent", 90, false)]
    [InlineData(10, 8, "Pods", 8, true)]
    [InlineData(1, 2, null, 0, true)] // an autoscaler came to ask for fewer
    public void Enough_of_its_pods_must_be_available(int replicas, int available, string? threshold, int value, bool promoted)
    {
        var strategy = new CanaryStrategy
        {
            Steps = [CanaryPlanningTests.Weight(100)],
            ReplicaProgressThreshold = threshold is null ? null : new ReplicaProgressThreshold { Type = threshold, Value = value },
        };
        var world = new World(new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { Canary = strategy } });
        world.Put(ReplicaSet("v1", 1, replicas, replicas, "0"));
        world.Put(ReplicaSet("v2", 2, Math.Max(replicas, available), available, "1"));
        world.SetStatus(_ => new RolloutStatus { StableRs = "v1", CurrentPodHash = "v2", CurrentStepIndex = 1 });

        var outcome = PromotionRules.PromoteCanary(new Facts(world.Seen, world.Now));

        Assert.Equal(promoted ? "v2" : null, (outcome as Advance)?.Status.StableRs);
    }

    internal static ReplicaSetView ReplicaSet(string hash, int revision, int size, int available, string version) => new()
    {
        Name = $"app-{hash}",
        Hash = hash,
        Created = DateTimeOffset.UnixEpoch.AddHours(revision),
        Size = size,
        Pods = size,
        Ready = available,
        Available = available,
        Template = World.Template(version),
        Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{revision}" },
    };
}
