using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

public sealed class CanaryPlanningTests
{
    [Fact]
    public void The_first_deployment_knows_no_steps()
    {
        var world = Canary(3, [Weight(20), Pause()]);

        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(world.Revision(1).Hash, world.Status.StableRs);
        Assert.Equal(2, world.Status.CurrentStepIndex);
        Assert.Equal(3, world.Revision(1).Size);
        Assert.DoesNotContain(world.Notices, n => n.Reason == Reason.RolloutPaused);
        Assert.Equal(Reason.NewReplicaSetAvailable, world.Status.Condition(ConditionType.Progressing)?.Reason);
    }

    [Fact]
    public void Who_looks_into_the_canarys_part_of_the_status_finds_it() => Assert.NotNull(Updated(2, [Weight(50), Pause()]).Status.Canary);

    [Fact]
    public void An_update_is_over_once_the_last_old_pods_are_gone()
    {
        var world = Updated(2, [Weight(50), Pause()]);
        var linger = false;
        world.Check = (w, effect) =>
        {
            if (effect is ScaleReplicaSets && w.Revision(1).Size == 0 && !linger)
            {
                linger = true;
                w.Put(w.Revision(1) with { Pods = 1 });
            }
        };

        world.Promote();
        var wait = world.Run();
        Assert.Equal("old replicas are pending termination", wait.For);
        Assert.Equal(world.Revision(1).Hash, world.Status.StableRs);

        world.Put(world.Revision(1) with { Pods = 0 });
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, world.Revision(2).Hash), (world.Status.Phase, world.Status.StableRs));
    }

    [Fact]
    public void An_endless_pause_waits_for_a_promotion()
    {
        var world = Updated(4, [Weight(25), Pause(), Weight(50), Pause()]);

        Assert.Equal((RolloutPhase.Paused, PauseReason.CanaryPauseStep, 1), (world.Status.Phase, world.Status.Message, world.Status.CurrentStepIndex));
        Assert.Equal((3, 1), (world.Revision(1).Size, world.Revision(2).Size));
        Assert.True(world.Status.ControllerPause);

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 3), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Equal((2, 2), (world.Revision(1).Size, world.Revision(2).Size));

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, 4), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Equal((0, 4), (world.Revision(1).Size, world.Revision(2).Size));
        Assert.Null(world.Status.ControllerPause);
        Assert.Contains(world.Notices, n => n.Message.EndsWith("Completed all 4 canary steps", StringComparison.Ordinal));
    }

    [Fact]
    public void A_timed_pause_ends_by_itself()
    {
        var world = Updated(2, [Weight(50), Pause("8s")]);

        var wait = world.Run();
        Assert.Equal(world.Now.AddSeconds(8), wait.Until);

        world.Advance(TimeSpan.FromSeconds(8));
        world.Run();
        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
        Assert.Equal(["RolloutStepCompleted", "RolloutResumed"], world.Notices.Select(n => n.Reason).SkipWhile(r => r != "RolloutPaused").Skip(1).Take(2));
    }

    [Fact]
    public void An_abort_returns_everything_to_stable_and_a_retry_starts_again()
    {
        var world = Updated(4, [Weight(50), Pause()]);

        world.SetStatus(s => s with { Abort = true });
        world.Run();
        Assert.Equal((RolloutPhase.Degraded, "RolloutAborted: Rollout aborted update to revision 2"), (world.Status.Phase, world.Status.Message));
        Assert.Equal((4, 0, 0), (world.Revision(1).Size, world.Revision(2).Size, world.Status.CurrentStepIndex));
        Assert.NotNull(world.Status.AbortedAt);

        world.SetStatus(s => s with { Abort = false });
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Null(world.Status.AbortedAt);
    }

    [Fact]
    public void A_full_promotion_skips_the_rest_for_this_update_only()
    {
        var world = Updated(4, [Weight(25), Pause(), Weight(50), Pause()]);

        world.SetStatus(s => s with { PromoteFull = true });
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, 4), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Null(world.Status.PromoteFull);

        world.Update("3");
        world.Run();
        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
    }

    [Fact]
    public void A_newer_revision_starts_from_the_first_step_against_the_same_stable()
    {
        var world = Updated(4, [Weight(25), Pause(), Weight(50), Pause()]);
        world.Promote();
        world.Run();

        world.Update("3");
        world.Run();

        Assert.Equal((RolloutPhase.Paused, 1), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Equal((3, 0, 1), (world.Revision(1).Size, world.Revision(2).Size, world.Revision(3).Size));
    }

    [Fact]
    public void Going_back_to_stable_skips_all_steps_and_makes_it_the_newest_revision()
    {
        var world = Updated(4, [Weight(50), Pause()]);
        var stable = world.Status.StableRs;

        world.Update("1");
        world.Run();

        Assert.Equal((RolloutPhase.Healthy, 2), (world.Status.Phase, world.Status.CurrentStepIndex));
        Assert.Equal((stable, 3L), (world.Status.StableRs, world.ReplicaSets.Single(r => r.Hash == stable).Revision));
        Assert.Contains(world.Notices, n => n.Reason == Reason.SkipSteps);
    }

    [Fact]
    public void Pods_that_a_ReplicaSet_counted_before_it_was_scaled_let_no_others_go()
    {
        var world = Updated(4, [Weight(75), Pause()]);
        Assert.Equal((1, 3), (world.Revision(1).Size, world.Revision(2).Size));
        world.SetStatus(s => s with { Abort = true });
        world.Put(world.Revision(1) with { Size = 2, Available = 2, Observed = false });

        world.Settle();
        Assert.Equal(3, world.Revision(2).Size);

        world.Put(world.Revision(1) with { Observed = true });
        world.Settle();
        Assert.Equal(2, world.Revision(2).Size);
    }

    [Fact]
    public void Scaling_works_in_a_pause()
    {
        var world = Updated(1, [Weight(25), Pause()]);

        world.Spec(s => s with { Replicas = 8 });
        world.Run();
        Assert.Equal((6, 2), (world.Revision(1).Size, world.Revision(2).Size));

        world.Spec(s => s with { Replicas = 4 });
        world.Run();
        Assert.Equal((3, 1), (world.Revision(1).Size, world.Revision(2).Size));
        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
    }

    [Fact]
    public void A_step_analysis_that_fails_aborts()
    {
        var world = Updated(2, [Weight(50), Analysis()]);
        var run = Assert.Single(world.Runs);
        Assert.Equal($"app-{world.Revision(2).Hash}-2-1", run.Name);

        world.EndRun(run.Name, "Failed", "too slow");
        world.Run();

        Assert.Equal(
            "RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed: too slow", world.Status.Message);
        Assert.Equal((2, 0), (world.Revision(1).Size, world.Revision(2).Size));
        Assert.Contains(world.Notices, n => n is { Reason: "AnalysisRunFailed", IsWarning: true });
    }

    [Fact]
    public void A_step_analysis_that_succeeds_is_told_once()
    {
        var world = Updated(2, [Weight(50), Analysis(), Pause()]);

        world.EndRun(world.Runs.Single().Name, "Successful");
        world.Run();

        Assert.Equal((2, null), (world.Status.CurrentStepIndex, world.Status.Canary?.CurrentStepAnalysisRunStatus));
        Assert.Equal(
            $"Step Analysis Run '{world.Runs.Single().Name}' Status New: 'Successful' Previous: 'Running'",
            Assert.Single(world.Notices, n => n.Reason == "AnalysisRunSuccessful").Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_retry_after_a_failed_analysis_measures_afresh(bool fromArgoCd)
    {
        var world = Updated(2, [Weight(50), Analysis()]);
        world.EndRun(world.Runs.Single().Name, "Failed");
        world.Run();

        world.SetStatus(s => fromArgoCd ? s with { Abort = null, Canary = s.Canary! with { CurrentStepAnalysisRunStatus = null } } : s with { Abort = false });
        world.Run();

        Assert.Equal(2, world.Runs.Count);
        Assert.EndsWith(".1", world.Status.Canary?.CurrentStepAnalysisRunStatus?.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_that_is_deleted_while_it_counts_begins_anew_under_its_name()
    {
        var world = Updated(2, [Weight(50), Analysis()]);
        var name = world.Runs.Single().Name;

        world.DeleteRun(name);
        world.Run();

        Assert.Equal((name, RolloutPhase.Progressing), (world.Runs.Single().Name, world.Status.Phase));
        world.EndRun(name, AnalysisPhase.Successful);
        world.Run();
        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void A_background_analysis_that_fails_aborts_in_a_pause()
    {
        var world = new World(new RolloutSpec
        {
            Replicas = 2,
            Strategy = new RolloutStrategy { Canary = new CanaryStrategy { Steps = [Weight(50), Pause()], Analysis = new BackgroundAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] } } },
        });
        world.Run();
        world.Update("2");
        world.Run();
        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);

        world.EndRun(world.Runs.Single().Name, "Failed");
        world.Run();

        Assert.Equal(RolloutPhase.Degraded, world.Status.Phase);
        Assert.True(world.Status.Abort);
        Assert.Equal((2, 0), (world.Revision(1).Size, world.Revision(2).Size));
    }

    [Fact]
    public void Without_steps_a_background_analysis_starts_at_once_whatever_its_starting_step()
    {
        var world = Canary(2, []);
        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = new BackgroundAnalysis { StartingStep = 2, Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] } } } });
        world.Run();

        world.Update("2");
        world.Run();

        Assert.Equal($"app-{world.Revision(2).Hash}-2", world.Runs.Single().Name);
    }

    [Fact]
    public void An_inconclusive_analysis_pauses_and_a_resumption_measures_again()
    {
        var world = Updated(2, [Weight(50), Analysis()]);
        var first = world.Runs.Single().Name;
        world.EndRun(first, "Inconclusive");
        world.Run();
        Assert.Equal((RolloutPhase.Paused, PauseReason.InconclusiveAnalysisRun), (world.Status.Phase, world.Status.Message));

        world.SetStatus(s => s with { PauseConditions = null });
        world.Run();

        Assert.Equal($"{first}.1", world.Status.Canary?.CurrentStepAnalysisRunStatus?.Name);
        Assert.Equal(RolloutPhase.Progressing, world.Status.Phase);
    }

    [Fact]
    public void A_timed_pause_that_is_over_does_not_end_the_pause_of_an_inconclusive_analysis_beside_it()
    {
        var world = Canary(4, [Weight(25), Pause("30s"), Weight(75), Pause("30s")], 1, 0);
        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = new BackgroundAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "check" }] } } } });
        world.Run();
        world.Update("2");
        world.Run();
        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();

        world.Advance(TimeSpan.FromHours(1));
        var wait = world.Run();

        Assert.Equal((RolloutPhase.Paused, 1, 1), (world.Status.Phase, world.Status.CurrentStepIndex, world.Revision(2).Size));
        Assert.Null(wait.Until);
        Assert.Contains("until somebody promotes it", wait.For, StringComparison.Ordinal);
        world.Promote();
        world.Run();
        Assert.Equal((3, 3, 2), (world.Status.CurrentStepIndex, world.Revision(2).Size, world.Runs.Count));
    }

    [Fact]
    public void An_inconclusive_analysis_holds_an_update_that_has_no_step_left()
    {
        var world = Canary(4, [Weight(25)], 1, 0);
        world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = new BackgroundAnalysis { StartingStep = 1, Templates = [new AnalysisTemplateRef { TemplateName = "check" }] } } } });
        world.Run();
        world.Update("2");
        world.Settle();
        world.MakeAvailable(1);
        world.Settle();
        Assert.Equal((1, 2), (world.Status.CurrentStepIndex, world.Revision(2).Size));

        world.EndRun(world.Runs.Single().Name, AnalysisPhase.Inconclusive);
        world.Run();
        Assert.Equal((RolloutPhase.Paused, world.Revision(1).Hash, 2), (world.Status.Phase, world.Status.StableRs, world.Revision(2).Size));

        world.Promote();
        world.Run();
        Assert.Equal((RolloutPhase.Healthy, 4), (world.Status.Phase, world.Revision(2).Size));
    }

    [Fact]
    public void Pods_that_never_become_available_exceed_the_deadline()
    {
        var world = Canary(2, [Weight(50), Pause()]);
        world.Run();
        world.Update("2");
        world.Broken.Add(DaprRollouts.Core.Revisions.PodTemplateHash.Of(World.Template("2")));
        var wait = world.Run();

        world.Advance(wait.Until!.Value - world.Now);
        world.Run();

        Assert.Equal(RolloutPhase.Degraded, world.Status.Phase);
        Assert.StartsWith("ProgressDeadlineExceeded", world.Status.Message, StringComparison.Ordinal);
        Assert.Null(world.Status.Abort);
    }

    [Fact]
    public void Nothing_is_written_when_nothing_changed()
    {
        var world = Updated(4, [Weight(50), Pause()]);
        var (status, effects) = (world.Status, world.Effects.Count);

        world.Advance(TimeSpan.FromHours(1));
        world.Run();

        Assert.Same(status, world.Status);
        Assert.Equal(effects, world.Effects.Count);
    }

    internal static CanaryStep Weight(int weight) => new() { SetWeight = weight };

    internal static CanaryStep Pause(string? duration = null) =>
        new() { Pause = new PauseStep { Duration = duration is null ? null : (IntOrString?)duration } };

    internal static CanaryStep Analysis() =>
        new() { Analysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "check" }] } };

    internal static World Canary(int replicas, IReadOnlyList<CanaryStep> steps, IntOrString? surge = null, IntOrString? unavailable = null) => new(new RolloutSpec
    {
        Replicas = replicas, Strategy = new RolloutStrategy { Canary = new CanaryStrategy { Steps = steps, MaxSurge = surge, MaxUnavailable = unavailable } },
    });

    internal static World Updated(int replicas, IReadOnlyList<CanaryStep> steps)
    {
        var world = Canary(replicas, steps, 1, 0);
        world.Run();
        world.Update("2");
        world.Run();
        return world;
    }
}
