using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What the kubectl plugin writes may come in the middle of a step, twice, or go by an old look at the object.</summary>
public sealed class SignalTimingTests
{
    [Fact]
    public void A_promotion_in_the_middle_of_a_weight_skips_that_step_only()
    {
        var world = Paused();
        world.Promote();
        world.Settle(); // at setWeight 50, whose pods are not there yet
        Assert.Equal(2, world.Status.CurrentStepIndex);

        world.Promote();
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void Taking_the_pause_away_twice_ends_one_pause()
    {
        var world = Paused();

        world.SetStatus(s => s with { PauseConditions = null });
        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_promotion_of_what_the_spec_pauses_too_ends_both_pauses_however_long_it_takes_from_one_to_the_other()
    {
        var world = Paused();
        world.Spec(s => s with { Paused = true });
        world.Run();

        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();
        world.Spec(s => s with { Paused = false });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void An_empty_list_of_pauses_is_no_pause()
    {
        var world = Paused();

        world.SetStatus(s => s with { PauseConditions = [] });
        world.Run();

        Assert.Equal(3, world.Status.CurrentStepIndex);
    }

    [Fact]
    public void A_promotion_by_an_old_look_ends_the_pause_that_it_knew_and_stops_at_the_next()
    {
        var world = Paused();
        world.Promote();
        world.Run();
        Assert.Equal(3, world.Status.CurrentStepIndex);

        world.SetStatus(s => s with { PauseConditions = null, CurrentStepIndex = 1 });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Equal((2, 2), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void A_step_index_beyond_the_last_step_means_all_are_done()
    {
        var world = Paused();

        world.SetStatus(s => s with { PauseConditions = null, CurrentStepIndex = 17 });
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, 4), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_abort_that_was_seen_to_come_before_the_update_is_not_meant_for_it(bool inMidUpdate)
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        if (inMidUpdate)
        {
            world.Update("2");
            world.Run();
        }

        world.SetStatus(s => s with { Abort = true });
        world.Update("3");
        world.AbortIsOlder = true;
        world.Run();

        Assert.Equal((RolloutPhase.Paused, null, 1), (world.Status.Phase, world.Status.Abort, world.Status.UpdatedReplicas));
    }

    [Fact]
    public void An_abort_twice_is_one_abort()
    {
        var world = Paused();
        world.SetStatus(s => s with { Abort = true });
        world.Run();
        var (status, notices) = (world.Status, world.Notices.Count);

        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Equal((status.AbortedAt, notices), (world.Status.AbortedAt, world.Notices.Count));
    }

    [Fact]
    public void A_retry_of_what_is_not_aborted_changes_nothing()
    {
        var world = Paused();

        world.SetStatus(s => s with { Abort = false });
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_full_promotion_of_what_is_promoted_already_does_not_wait_for_the_next_update()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();

        world.Update("2");
        world.Run();

        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
    }

    [Fact]
    public void Unpausing_with_the_last_word_of_promote_ends_the_user_s_pause_and_goes_on()
    {
        var world = Paused();
        world.Spec(s => s with { Paused = true });
        world.Run();
        Assert.Equal("manually paused", world.Status.Message);

        world.SetStatus(s => s with { PauseConditions = null });
        world.Spec(s => s with { Paused = false });
        world.Run();

        Assert.Equal(3, world.Status.CurrentStepIndex);
    }

    [Fact]
    public void An_update_in_the_middle_of_an_abort_starts_from_the_first_step()
    {
        var world = Paused();
        world.SetStatus(s => s with { Abort = true });
        world.Step(2);

        world.Update("3");
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1, null), (world.Status.Phase, world.Status.CurrentStepIndex, world.Status.Abort));
        Assert.Equal(0, world.Revision(2).Size);
    }

    [Fact]
    public void The_actions_of_Argo_CD_do_what_they_say()
    {
        var world = Paused();

        world.SetStatus(s => s with { PauseConditions = null, CurrentStepIndex = s.CurrentStepIndex + 1 }); // skip-current-step leaves the controller's mark
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 3, 2), (world.Status.Phase, world.Status.CurrentStepIndex, world.Revision(2).Size));

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal((RolloutPhase.Degraded, 0), (world.Status.Phase, world.Revision(2).Size));

        world.SetStatus(s => s with { Abort = null }); // retry
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));

        world.Spec(s => s with { Paused = true });
        world.Run();
        world.SetStatus(s => s with { PauseConditions = null }); // resume
        world.Spec(s => s with { Paused = false });
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        world.SetStatus(s => s with { PromoteFull = true }); // promote-full
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_abort_is_for_the_new_template_if_it_was_a_signal_that_names_it(bool named)
    {
        var world = Paused();
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        world.Advance(TimeSpan.FromSeconds(1));
        world.Update("3");
        if (named)
        {
            world.Signal(SignalAction.Abort);
        }
        else
        {
            world.SetStatus(s => s with { Abort = true }); // changes nothing: nobody can know
        }

        world.Run();

        Assert.Equal(named ? RolloutPhase.Degraded : RolloutPhase.Paused, world.Status.Phase);
        Assert.Equal(named ? 4 : 3, world.Revision(1).Size);
    }

    [Fact]
    public void A_signal_to_abort_an_update_is_not_for_the_same_template_later()
    {
        var world = Paused();
        world.Signal(SignalAction.Abort);
        world.Run();
        world.Update("3");
        world.Run();
        world.Advance(TimeSpan.FromSeconds(1));
        world.SetStatus(s => s with { Abort = true });
        world.Run();

        world.Update("2");
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_full_promotion_that_comes_with_the_update_is_for_it()
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.Advance(TimeSpan.FromSeconds(1));

        world.Update("2");
        world.Signal(SignalAction.PromoteFull);
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash, null), (world.Status.Phase, world.Status.StableRs, world.Status.PromoteFull));
    }

    // Steps: setWeight 25, pause, setWeight 50, pause; in the first pause.
    private static World Paused()
    {
        var world = CanaryPlanningTests.Canary(
            4, [CanaryPlanningTests.Weight(25), CanaryPlanningTests.Pause(), CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
        return world;
    }
}
