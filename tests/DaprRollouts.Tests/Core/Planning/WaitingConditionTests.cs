using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class WaitingConditionTests
{
    [Fact]
    public void It_says_what_is_awaited_until_when_and_who_can_move_it()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause("60s")]);
        world.Run();
        Assert.Equal(("False", WaitKind.NewRevision), (Waiting(world)?.Status, Waiting(world)?.Reason));

        world.Update("2");
        world.Run();

        Assert.Equal(("True", WaitKind.PauseEnd), (Waiting(world)?.Status, Waiting(world)?.Reason));
        Assert.Equal(
            $"paused (CanaryPauseStep) since {ModelJson.Time(world.Now)}, until {ModelJson.Time(world.Now.AddSeconds(60))}, or promote", Waiting(world)?.Message);
    }

    [Fact]
    public void It_never_causes_a_write_of_its_own()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause(), CanaryPlanningTests.Analysis()]);
        world.Published = (before, after) => Assert.NotNull(StatusDifference.Between(before.WithoutCondition(ConditionType.Waiting), after.WithoutCondition(ConditionType.Waiting)));
        world.Run();
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Successful);

        world.Run();

        Assert.Equal((RolloutPhase.Healthy, WaitKind.NewRevision), (world.Status.Phase, Waiting(world)?.Reason));
    }

    [Fact]
    public void An_aborted_rollout_has_the_conditions_that_Argo_Rollouts_writes()
    {
        var world = CanaryPlanningTests.Canary(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();

        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Null(Waiting(world));
        Assert.Equal(RolloutPhase.Degraded, world.Status.Phase);
    }

    [Fact]
    public void An_invalid_spec_has_the_one_condition_that_Argo_Rollouts_writes()
    {
        var world = CanaryPlanningTests.Canary(-1, []);

        world.Settle();

        Assert.Equal(ConditionType.InvalidSpec, Assert.Single(world.Status.Conditions!).Type);
    }

    private static RolloutCondition? Waiting(World world) => world.Status.Condition(ConditionType.Waiting);
}
