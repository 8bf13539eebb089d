using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>The sizes that a routed canary and its stable revision are to have, by what Argo Rollouts' own tests state.</summary>
public sealed class RoutedTargetsTests
{
    // Desired pods and, in words, the steps up to the current one and the situation; then the sizes of canary and stable.
    [Theory]
    [InlineData("10", "setWeight 10", 1, 10)]
    [InlineData("10", "setWeight 25", 3, 10)]
    [InlineData("10", "setWeight 33", 4, 10)]
    [InlineData("10", "setWeight 99", 10, 10)]
    [InlineData("1", "replicas 9, setWeight 100", 9, 1)]
    [InlineData("4", "weight 200", 8, 4)]
    [InlineData("10", "setWeight 20, replicas 9, match", 2, 10)]
    [InlineData("10", "replicas 9, setWeight 20, all", 2, 10)]
    [InlineData("10", "setWeight 5, minimum 2", 2, 10)]
    [InlineData("10", "replicas 1, minimum 2", 1, 10)]
    [InlineData("10", "weight 0, minimum 2", 0, 10)]
    [InlineData("1", "setWeight 5, promoteFull, minimum 2", 1, 1)]
    [InlineData("10", "replicas 2, promoteFull", 10, 10)]
    [InlineData("10", "dynamic, setWeight 10, recorded 10", 1, 9)]
    [InlineData("10", "dynamic, setWeight 20, recorded 10", 2, 9)]
    [InlineData("10", "dynamic, setWeight 95, recorded 95, minimum 2", 10, 2)]
    [InlineData("10", "dynamic, setWeight 20, replicas 1, recorded 20", 1, 10)]
    [InlineData("10", "dynamic, replicas 1, recorded 0, minimum 2", 2, 10)]
    [InlineData("10", "dynamic, setWeight 10, abort, recorded 10, minimum 3", 3, 10)]
    [InlineData("10", "dynamic, setWeight 20, abort, recorded 20", 2, 10)]
    [InlineData("10", "dynamic, setWeight 10, abort, recorded 10", 1, 10)]
    [InlineData("10", "dynamic, setWeight 20, setWeight 60, abort, recorded 60, canary 6/6, stable 4/4", 6, 8)]
    [InlineData("10", "dynamic, setWeight 20, setWeight 60, abort, recorded 60, canary 1/1, stable 4/4", 6, 8)]
    [InlineData("10", "dynamic, setWeight 20, setWeight 60, abort, recorded 60, canary 2/2, stable 8/4", 6, 8)]
    [InlineData("1", "replicas 1, abort", 0, 1)]
    public void Sizes(string replicas, string situation, int canary, int stable)
    {
        var facts = Facts(int.Parse(replicas), situation.Split(", ").Select(w => w.Split(' ')));
        var weights = facts.Status.Canary?.Weights;

        Assert.Equal((canary, stable), (RoutedScalingRules.CanaryTarget(facts, weights), RoutedScalingRules.StableTarget(facts, weights)));
    }

    private static Facts Facts(int replicas, IEnumerable<string[]> situation)
    {
        List<CanaryStep> steps = [];
        var strategy = new CanaryStrategy { CanaryService = "canary", StableService = "stable", TrafficRouting = new TrafficRouting { Smi = new SmiTrafficRouting() } };
        var status = new RolloutStatus { StableRs = "v1", CurrentPodHash = "v2" };
        TrafficWeights? weights = null;
        var (stable, canary) = ($"{replicas}/{replicas}", "0/0");
        foreach (var words in situation)
        {
            var value = words.Length > 1 ? words[1] : "";
            var number = int.TryParse(value, out var given) ? given : 0;
            object? _ = words[0] switch
            {
                "setWeight" => Add(new CanaryStep { SetWeight = number }),
                "replicas" => Add(Scale(new SetCanaryScaleStep { Replicas = number })),
                "weight" => Add(Scale(new SetCanaryScaleStep { Weight = number })),
                "match" => Add(Scale(new SetCanaryScaleStep { MatchTrafficWeight = true })),
                "all" => Add(Scale(new SetCanaryScaleStep { Replicas = 9, Weight = 100, MatchTrafficWeight = true })),
                "minimum" => strategy = strategy with { MinPodsPerReplicaSet = number },
                "dynamic" => strategy = strategy with { DynamicStableScale = true },
                "promoteFull" => status = status with { PromoteFull = true },
                "abort" => status = status with { Abort = true, AbortedAt = DateTimeOffset.UnixEpoch },
                "recorded" => weights = Recorded(number),
                "canary" => canary = value,
                "stable" => stable = value,
                _ => throw new ArgumentException(words[0]),
            };
        }

        var world = new World(new RolloutSpec { Replicas = replicas, Strategy = new RolloutStrategy { Canary = strategy with { Steps = steps } } }, "canary", "stable");
        world.Put(ReplicaSet("v1", 1, stable, World.Template("0")));
        world.Put(ReplicaSet("v2", 2, canary, World.Template("1")));
        world.SetStatus(_ => status with { CurrentStepIndex = status.Abort == true ? 0 : steps.Count - 1, Canary = new CanaryStatus { Weights = weights } });
        return new Facts(world.Seen, world.Now);

        object Add(CanaryStep step)
        {
            steps.Add(step);
            return step;
        }
    }

    private static CanaryStep Scale(SetCanaryScaleStep scale) => new() { SetCanaryScale = scale };

    private static TrafficWeights Recorded(int canary) => new()
    {
        Canary = new WeightDestination { Weight = canary, PodTemplateHash = "v2" }, Stable = new WeightDestination { Weight = 100 - canary, PodTemplateHash = "v1" },
    };

    private static ReplicaSetView ReplicaSet(string hash, int revision, string pods, System.Text.Json.Nodes.JsonObject template)
    {
        var (size, available) = (int.Parse(pods.Split('/')[0]), int.Parse(pods.Split('/')[1]));
        return new ReplicaSetView
        {
            Name = $"app-{hash}",
            Hash = hash,
            Created = DateTimeOffset.UnixEpoch.AddHours(revision),
            Size = size,
            Pods = size,
            Ready = available,
            Available = available,
            Template = template,
            Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{revision}" },
        };
    }
}
