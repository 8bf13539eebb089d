using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What users are told, how often and in which order.</summary>
public sealed class NoticeTests
{
    public static TheoryData<string, CanaryStep[]> Steps => new()
    {
        { "a weight that is there at once", [CanaryPlanningTests.Weight(100), CanaryPlanningTests.Pause()] },
        { "a pause", [CanaryPlanningTests.Pause()] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_first_deployment_tells_of_no_steps(string what, CanaryStep[] steps)
    {
        var world = CanaryPlanningTests.Canary(2, steps);
        world.Check = (w, effect) => w.MakeAvailable(effect is CreateReplicaSet ? int.MaxValue : 0);

        world.Run();

        Assert.True(world.Notices is [{ Reason: Reason.RolloutNotCompleted }, { Reason: Reason.ScalingReplicaSet }, { Reason: Reason.RolloutCompleted }], what);
    }

    [Fact]
    public void A_first_deployment_is_complete_before_its_active_service_is_switched()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active" }, 2);
        var told = new List<string>();
        world.Check = (w, effect) => w.MakeAvailable(effect is CreateReplicaSet ? int.MaxValue : 0);
        world.Before = (w, effect) => told.AddRange(effect is SwitchServices ? w.Notices.Select(n => n.Reason) : []);

        world.Run();

        Assert.Equal([Reason.ScalingReplicaSet, Reason.RolloutCompleted], told);
    }

    [Fact]
    public void The_end_of_an_analysis_comes_before_what_follows_from_it()
    {
        var analysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] };
        var world = BlueGreenPlanningTests.BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", AutoPromotionEnabled = false, PrePromotionAnalysis = analysis }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        var before = world.Notices.Count;

        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Successful);
        world.Run();

        Assert.Equal(["AnalysisRunSuccessful", Reason.RolloutPaused], world.Notices.Skip(before).Select(n => n.Reason));
    }

    [Theory]
    [InlineData("promote-full", "RolloutResumed, RolloutCompleted")]
    [InlineData("update", "ScalingReplicaSet, RolloutResumed, RolloutStepCompleted, RolloutPaused")]
    [InlineData("undo", "SkipSteps, RolloutResumed")]
    [InlineData("abort", "RolloutAborted")]
    public void A_pause_that_something_else_ends_is_told_of_as_ended_unless_that_is_an_abort(string what, string told)
    {
        var world = CanaryPlanningTests.Updated(4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause()]);
        var before = world.Notices.Count;

        if (what is "update" or "undo")
        {
            world.Update(what == "undo" ? "1" : "3");
        }
        else
        {
            world.Signal(what);
        }

        world.Run();

        Assert.Equal(told, string.Join(", ", world.Notices.Skip(before).Select(n => n.Reason)));
    }

    [Fact]
    public void An_abort_is_told_of_once_though_somebody_promotes_what_is_aborted()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()]);
        world.Run();
        world.Update("2");
        world.Run();
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        world.Promote();
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, 0), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Single(world.Notices, n => n.Reason == Reason.RolloutAborted);
    }
}
