using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>The phase and its message: each line is a situation that differs from one that is done, and the first rule that applies.</summary>
public sealed class PhaseTests
{
    private const string Steps = "waiting for all steps to complete";

    public static TheoryData<string, Func<RolloutSpec, RolloutSpec>?, Func<RolloutStatus, RolloutStatus>, string, string> OfCanaries => new()
    {
        { "done", null, s => s, RolloutPhase.Healthy, "" },
        { "invalid", Paused, s => Conditions(s, ("InvalidSpec", "InvalidSpec", "no"), ("Progressing", "RolloutAborted", "x")), RolloutPhase.Degraded, "InvalidSpec: no" },
        { "aborted", Paused, s => Conditions(s, ("Progressing", "RolloutAborted", "why")), RolloutPhase.Degraded, "RolloutAborted: why" },
        { "stuck", null, s => Conditions(s, ("Progressing", "ProgressDeadlineExceeded", "long")), RolloutPhase.Degraded, "ProgressDeadlineExceeded: long" },
        { "held by a person", Paused, s => Held(s), RolloutPhase.Paused, "manually paused" },
        { "held by the controller", null, s => Held(s) with { UpdatedReplicas = 0 }, RolloutPhase.Paused, "InconclusiveAnalysisRun" },
        { "to be restarted", Restarted, s => s with { UpdatedReplicas = 0 }, RolloutPhase.Progressing, "rollout is restarting" },
        { "restarted", Restarted, s => s with { RestartedAt = DateTimeOffset.UnixEpoch }, RolloutPhase.Healthy, "" },
        { "pods to be made", null, s => s with { UpdatedReplicas = 1, AvailableReplicas = 0 }, RolloutPhase.Progressing, "more replicas need to be updated" },
        { "pods not available", null, s => s with { AvailableReplicas = 1 }, RolloutPhase.Progressing, "updated replicas are still becoming available" },
        { "old pods left", null, s => s with { Replicas = 3, StableRs = "v1" }, RolloutPhase.Progressing, "old replicas are pending termination" },
        { "old pods left by a router", Routed, s => s with { Replicas = 3 }, RolloutPhase.Healthy, "" },
        { "steps left", null, s => s with { StableRs = "v1" }, RolloutPhase.Progressing, Steps },
        { "steps left with a router", Routed, s => s with { StableRs = "v1", Replicas = 3 }, RolloutPhase.Progressing, Steps },
        { "nothing stable", null, s => s with { StableRs = null }, RolloutPhase.Progressing, Steps },
    };

    [Theory]
    [MemberData(nameof(OfCanaries))]
    public void Of_a_canary(string situation, Func<RolloutSpec, RolloutSpec>? spec, Func<RolloutStatus, RolloutStatus> status, string phase, string message)
    {
        var world = Done(new RolloutStrategy { Canary = new CanaryStrategy() }, spec);

        Assert.Equal((situation, phase, message), With(situation, PhaseOf.Status(new Facts(world.Seen, world.Now), status(world.Status))));
    }

    public static TheoryData<string, Func<RolloutStatus, RolloutStatus>, string> OfBlueGreens => new()
    {
        { "done", s => s, "" },
        { "pods not available", s => s with { AvailableReplicas = 1, BlueGreen = null }, "updated replicas are still becoming available" },
        { "nothing active", s => s with { BlueGreen = new BlueGreenStatus() }, "active service cutover pending" },
        { "another one active", s => s with { BlueGreen = new BlueGreenStatus { ActiveSelector = "v1" }, StableRs = "v1" }, "active service cutover pending" },
        { "not stable yet", s => s with { StableRs = "v1" }, "waiting for post-promotion verification to complete" },
    };

    [Theory]
    [MemberData(nameof(OfBlueGreens))]
    public void Of_a_blue_green(string situation, Func<RolloutStatus, RolloutStatus> status, string message)
    {
        var world = Done(new RolloutStrategy { BlueGreen = new BlueGreenStrategy { ActiveService = "active" } }, null);
        var phase = message.Length == 0 ? RolloutPhase.Healthy : RolloutPhase.Progressing;

        Assert.Equal((situation, phase, message), With(situation, PhaseOf.Status(new Facts(world.Seen, world.Now), status(world.Status))));
    }

    [Theory]
    [InlineData(null, "waiting for analysis to complete")]
    [InlineData("Running", "waiting for analysis to complete")]
    [InlineData("Successful", "waiting for post-promotion verification to complete")]
    public void Of_a_blue_green_that_is_looked_at_after_its_promotion(string? run, string message)
    {
        var analysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "t" }] };
        var world = Done(new RolloutStrategy { BlueGreen = new BlueGreenStrategy { ActiveService = "active", PostPromotionAnalysis = analysis } }, null);
        world.SetStatus(s => s with { StableRs = "v1", BlueGreen = s.BlueGreen! with { PostPromotionAnalysisRunStatus = new RolloutAnalysisRunStatus { Name = "run" } } });
        if (run is not null)
        {
            world.Put(new AnalysisRunView { Name = "run", Created = world.Now, Phase = run });
        }

        Assert.Equal((RolloutPhase.Progressing, message), PhaseOf.Status(new Facts(world.Seen, world.Now), world.Status));
    }

    private static (string Situation, string Phase, string Message) With(string situation, (string Phase, string Message) seen) => (situation, seen.Phase, seen.Message);

    private static World Done(RolloutStrategy strategy, Func<RolloutSpec, RolloutSpec>? change)
    {
        var world = new World(new RolloutSpec { Replicas = 2, Strategy = strategy }, "active");
        world.Spec(s => change?.Invoke(s) ?? s);
        world.Put(new ReplicaSetView { Name = "app-v2", Hash = "v2", Created = world.Now, Size = 2, Pods = 2, Ready = 2, Available = 2, Template = World.Template("1") });
        world.SetStatus(_ => new RolloutStatus
        {
            StableRs = "v2", CurrentPodHash = "v2", Replicas = 2, UpdatedReplicas = 2, ReadyReplicas = 2, AvailableReplicas = 2,
            BlueGreen = strategy.BlueGreen is null ? null : new BlueGreenStatus { ActiveSelector = "v2" },
        });
        return world;
    }

    private static RolloutSpec Paused(RolloutSpec spec) => spec with { Paused = true };

    private static RolloutSpec Restarted(RolloutSpec spec) => spec with { RestartAt = DateTimeOffset.UnixEpoch };

    private static RolloutSpec Routed(RolloutSpec spec) =>
        spec with { Strategy = new RolloutStrategy { Canary = new CanaryStrategy { TrafficRouting = new TrafficRouting { Smi = new SmiTrafficRouting() } } } };

    private static RolloutStatus Held(RolloutStatus status) =>
        status with { PauseConditions = [new PauseCondition { Reason = "InconclusiveAnalysisRun" }, new PauseCondition { Reason = "CanaryPauseStep" }] };

    private static RolloutStatus Conditions(RolloutStatus status, params (string Type, string Reason, string Message)[] conditions) =>
        status with { Conditions = [.. conditions.Select(c => new RolloutCondition { Type = c.Type, Status = "True", Reason = c.Reason, Message = c.Message })] };
}
