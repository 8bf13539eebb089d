using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Rollouts as Argo Rollouts leaves them in mid-step: they are continued, not restarted, and nothing is rolled again.</summary>
public sealed class TakeOverTests
{
    private const string StableHash = "6cf78c66c5";
    private const string CanaryHash = "7d8f9bcd5c";

    [Fact]
    public void A_canary_in_a_pause_stays_in_it_and_goes_on_from_there()
    {
        var world = PausedCanary();

        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.DoesNotContain(world.Effects, e => e is CreateReplicaSet or ScaleReplicaSets);
        Assert.Equal((StableHash, CanaryHash), (world.Status.StableRs, world.Status.CurrentPodHash));

        world.Promote();
        world.Run();
        world.EndRun(Assert.Single(world.Runs).Name, AnalysisPhase.Successful);
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, CanaryHash, 3), (world.Status.Phase, world.Status.StableRs, world.Status.CurrentStepIndex));
        Assert.Equal(2, world.ReplicaSets.Count);
    }

    [Fact]
    public void An_aborted_canary_stays_aborted_until_a_retry()
    {
        var world = PausedCanary();
        var message = "Rollout aborted update to revision 2";
        world.SetStatus(s => (s with { PauseConditions = null, ControllerPause = null, Abort = true, AbortedAt = world.Now, CurrentStepIndex = 0, Phase = RolloutPhase.Degraded })
            .WithCondition(ConditionType.Progressing, "False", Reason.RolloutAborted, message, world.Now));

        world.Run();
        Assert.Equal((RolloutPhase.Degraded, true), (world.Status.Phase, world.Status.Abort));
        Assert.Equal((4, 0), (Of(world, StableHash).Size, Of(world, CanaryHash).Size));

        world.SetStatus(s => s with { Abort = false });
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_running_analysis_of_its_step_is_followed_not_started_again()
    {
        var world = PausedCanary();
        world.SetStatus(s => s with
        {
            PauseConditions = null,
            ControllerPause = null,
            CurrentStepIndex = 2,
            Canary = new CanaryStatus { CurrentStepAnalysisRunStatus = new RolloutAnalysisRunStatus { Name = $"app-{CanaryHash}-2-2", Status = "Running" } },
        });
        world.Put(new AnalysisRunView
        {
            Name = $"app-{CanaryHash}-2-2",
            Created = world.Now,
            Phase = "Running",
            Labels = new Dictionary<string, string> { [ArgoNames.PodTemplateHash] = CanaryHash, [ArgoNames.RolloutType] = "Step", [ArgoNames.StepIndex] = "2" },
        });

        world.Run();
        Assert.Single(world.Runs);
        Assert.DoesNotContain(world.Effects, e => e is StartAnalysis or TerminateAnalysis);

        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Successful);
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, CanaryHash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void A_blue_green_preview_is_kept_and_promoted_as_it_is()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", PreviewService = "preview", AutoPromotionEnabled = false }, 2);
        world.Update("2");
        world.Put(ReplicaSet(StableHash, "1", 1, 2, world.Now, 2));
        world.Put(ReplicaSet(CanaryHash, "2", 2, 2, world.Now.AddSeconds(10), 2));
        world.Select("active", StableHash);
        world.Select("preview", CanaryHash);
        world.SetStatus(_ => new RolloutStatus
        {
            StableRs = StableHash,
            CurrentPodHash = CanaryHash,
            ControllerPause = true,
            PauseConditions = [new PauseCondition { Reason = PauseReason.BlueGreenPause, StartTime = world.Now }],
            BlueGreen = new BlueGreenStatus { ActiveSelector = StableHash, PreviewSelector = CanaryHash },
        });

        world.Run();
        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
        Assert.DoesNotContain(world.Effects, e => e is CreateReplicaSet or ScaleReplicaSets or SwitchServices);

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, CanaryHash), (world.Status.Phase, world.Service("active").Hash));
    }

    [Fact]
    public void An_old_ReplicaSet_that_waits_out_its_delay_goes_when_that_is_over()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active" }, 2);
        world.Update("2");
        world.Put(ReplicaSet(StableHash, "1", 1, 2, world.Now, 2) is var old
            ? old with { Annotations = new Dictionary<string, string>(old.Annotations) { [ArgoNames.ScaleDownDeadline] = ModelJson.Time(world.Now.AddSeconds(20)) } }
            : old);
        world.Put(ReplicaSet(CanaryHash, "2", 2, 2, world.Now.AddSeconds(10), 2));
        world.Select("active", CanaryHash);
        world.SetStatus(_ => new RolloutStatus { StableRs = CanaryHash, CurrentPodHash = CanaryHash, BlueGreen = new BlueGreenStatus { ActiveSelector = CanaryHash } });

        var wait = world.Run();
        Assert.Equal((world.Now.AddSeconds(20), 2), (wait.Until, Of(world, StableHash).Size));

        world.Advance(TimeSpan.FromSeconds(20));
        world.Run();
        Assert.Equal((0, 2), (Of(world, StableHash).Size, Of(world, CanaryHash).Size));
    }

    // Steps: setWeight 25, a pause, an analysis; in the pause. The hashes, of the steps too, are of Argo Rollouts' own making.
    private static World PausedCanary()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(100)], 1, 0);
        world.Update("2");
        world.Put(ReplicaSet(StableHash, "1", 1, 3, world.Now));
        world.Put(ReplicaSet(CanaryHash, "2", 2, 1, world.Now.AddSeconds(10)));
        world.SetStatus(_ => new RolloutStatus
        {
            StableRs = StableHash,
            CurrentPodHash = CanaryHash,
            CurrentStepHash = "66cfc5d9b7",
            CurrentStepIndex = 1,
            ControllerPause = true,
            PauseConditions = [new PauseCondition { Reason = PauseReason.CanaryPauseStep, StartTime = world.Now }],
            ObservedGeneration = "1",
            Phase = RolloutPhase.Paused,
            Message = PauseReason.CanaryPauseStep,
        });
        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Steps = [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause(), CanaryPlanningTests.Analysis()] } } });
        return world;
    }

    private static ReplicaSetView Of(World world, string hash) => world.ReplicaSets.Single(r => r.Hash == hash);

    // As the API server returns it: with its defaults and the hash label in the template.
    private static ReplicaSetView ReplicaSet(string hash, string version, long revision, int pods, DateTimeOffset created, int desired = 4)
    {
        var template = (JsonObject)World.Template(version).DeepClone();
        template["metadata"]!["creationTimestamp"] = null;
        template["metadata"]!["labels"]![ArgoNames.PodTemplateHash] = hash;
        template["spec"]!["restartPolicy"] = "Always";
        template["spec"]!["dnsPolicy"] = "ClusterFirst";
        template["spec"]!["terminationGracePeriodSeconds"] = 30;
        template["spec"]!["securityContext"] = new JsonObject();
        template["spec"]!["schedulerName"] = "default-scheduler";
        template["spec"]!["containers"]![0]!["imagePullPolicy"] = "IfNotPresent";
        template["spec"]!["containers"]![0]!["terminationMessagePath"] = "/dev/termination-log";
        return new ReplicaSetView
        {
            Name = $"app-{hash}",
            Hash = hash,
            Created = created,
            Size = pods,
            Pods = pods,
            Ready = pods,
            Available = pods,
            Template = template,
            Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{revision}", [ArgoNames.DesiredReplicas] = $"{desired}" },
        };
    }
}
