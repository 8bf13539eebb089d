using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>What is kept of earlier revisions, and going back to them.</summary>
public sealed class HistoryPlanningTests
{
    [Fact]
    public void Old_ReplicaSets_are_kept_up_to_the_limit()
    {
        var world = Canary(s => s with { RevisionHistoryLimit = 1 });

        foreach (var version in new[] { "2", "3", "4" })
        {
            world.Update(version);
            world.Run();
        }

        Assert.Equal([1L, 3L, 4L], world.ReplicaSets.Select(r => r.Revision).Order());
    }

    [Fact]
    public void The_limit_spares_what_has_pods()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 900 }, 1);
        world.Spec(s => s with { RevisionHistoryLimit = 0 });
        world.Run();

        world.Update("2");
        world.Run();
        Assert.Equal([1, 1], world.ReplicaSets.Select(r => r.Size));

        world.Advance(TimeSpan.FromMinutes(15));
        world.Run();
        Assert.Equal([2L], world.ReplicaSets.Select(r => r.Revision));
    }

    [Fact]
    public void Of_old_ReplicaSets_in_their_delay_only_the_newest_up_to_the_limit_stay()
    {
        var world = BlueGreenPlanningTests.BlueGreen(
            new BlueGreenStrategy { ActiveService = "active", ScaleDownDelaySeconds = 900, ScaleDownDelayRevisionLimit = 1 }, 2);
        world.Run();

        foreach (var version in new[] { "2", "3", "4" })
        {
            world.Update(version);
            world.Run();
        }

        Assert.Equal([0, 0, 2, 2], world.ReplicaSets.OrderBy(r => r.Revision).Select(r => r.Size));
    }

    [Theory]
    [InlineData(null, null, 5, 5)]
    [InlineData(2, 0, 2, 0)]
    public void Of_finished_analyses_the_newest_are_kept_the_good_and_the_bad_apart(int? successful, int? unsuccessful, int good, int bad)
    {
        var world = Canary(s => s with { Analysis = new RolloutAnalysisLimits { SuccessfulRunHistoryLimit = successful, UnsuccessfulRunHistoryLimit = unsuccessful } });
        string[] phases = [AnalysisPhase.Failed, AnalysisPhase.Error, AnalysisPhase.Inconclusive, AnalysisPhase.Successful, AnalysisPhase.Successful, AnalysisPhase.Successful];
        for (var i = 0; i < 18; i++)
        {
            world.Put(Run($"run-{i:00}", phases[i % phases.Length], world.Revision(1).Hash, world.Now.AddSeconds(i)));
        }

        world.Put(Run("of-a-revision-that-is-gone", AnalysisPhase.Successful, "gone", world.Now.AddHours(1)));
        world.Run();

        var kept = world.Runs.ToLookup(r => r.Phase == AnalysisPhase.Successful, r => r.Name);
        Assert.Equal(new[] { "run-17", "run-16", "run-15", "run-11", "run-10" }.Take(good), kept[true].OrderDescending());
        Assert.Equal(new[] { "run-14", "run-13", "run-12", "run-08", "run-07" }.Take(bad), kept[false].OrderDescending());
    }

    [Theory]
    [InlineData(2, "1", 1, true)]
    [InlineData(3, "1", 2, true)]
    [InlineData(4, "1", 2, false)]
    [InlineData(4, "2", 2, true)]
    [InlineData(3, "1", 0, false)]
    [InlineData(3, "1", null, false)]
    public void Within_the_rollback_window_there_are_no_steps(int revisions, string backTo, int? window, bool skips)
    {
        var world = Canary(s => s with { RollbackWindow = window is null ? null : new RollbackWindow { Revisions = window } });
        for (var version = 2; version <= revisions; version++)
        {
            world.Update($"{version}");
            world.Run();
            world.Promote();
            world.Run();
        }

        world.Update(backTo);
        world.Run();

        Assert.Equal(skips ? RolloutPhase.Healthy : RolloutPhase.Paused, world.Status.Phase);
    }

    [Fact]
    public void The_window_does_not_count_ReplicaSets_of_experiments()
    {
        var world = Canary(s => s with { RollbackWindow = new RollbackWindow { Revisions = 1 } });
        var experiment = PromotionPlanningTests.ReplicaSet("experiment", 1, 0, 0, "of an experiment");
        world.Advance(TimeSpan.FromSeconds(1));
        world.Put(experiment with { Created = world.Now, Annotations = new Dictionary<string, string> { [ArgoNames.ExperimentName] = "try" } });
        world.Advance(TimeSpan.FromSeconds(1));
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();

        world.Update("1");
        world.Run();

        Assert.Equal(RolloutPhase.Healthy, world.Status.Phase);
    }

    [Fact]
    public void A_deadline_that_nobody_can_read_is_over()
    {
        var world = BlueGreenPlanningTests.BlueGreen(new BlueGreenStrategy { ActiveService = "active" }, 2);
        world.Run();
        world.Update("2");
        world.Run();
        var old = world.Revision(1);

        world.Put(old with { Annotations = new Dictionary<string, string>(old.Annotations) { [ArgoNames.ScaleDownDeadline] = "Abcd123" } });
        world.Run();

        Assert.Equal(0, world.Revision(1).Size);
    }

    [Fact]
    public void An_undo_that_copies_the_rule_against_the_stable_revision_goes_back_to_the_same_ReplicaSet()
    {
        var world = Canary(s => s);
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();
        var affinity = new AntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new RequiredAntiAffinity() };

        world.Spec(s => s with { Template = AntiAffinityTerm.Inject(World.Template("1"), affinity, "old", "default") });
        world.Run();

        Assert.Equal([2L, 3L], world.ReplicaSets.Select(r => r.Revision).Order());
        world.Spec(s => s with { Template = AntiAffinityTerm.Inject(World.Template("3"), affinity, "old", "default") });
        world.Run();
        Assert.Equal(PodTemplateHash.Of(World.Template("3")), world.Status.CurrentPodHash);
    }

    [Fact]
    public void Going_forward_is_never_within_the_window()
    {
        var world = Canary(s => s with { RollbackWindow = new RollbackWindow { Revisions = 3 } });

        world.Update("2");
        world.Run();

        Assert.Equal(RolloutPhase.Paused, world.Status.Phase);
    }

    [Fact]
    public void An_abort_wins_over_a_rollback_within_the_window()
    {
        var world = Canary(s => s with { RollbackWindow = new RollbackWindow { Revisions = 3 } });
        world.Update("2");
        world.Run();
        world.Promote();
        world.Run();
        world.Update("1");
        world.Step(4);

        world.SetStatus(s => s with { Abort = true });
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, 2), (world.Status.Phase, world.ReplicaSets.Single(r => r.Hash == world.Status.StableRs).Size));
    }

    [Fact]
    public void A_deadline_that_aborts_returns_to_stable()
    {
        var world = Canary(s => s with { ProgressDeadlineAbort = true, ProgressDeadlineSeconds = 8 });
        world.Update("2");
        world.Broken.Add(PodTemplateHash.Of(World.Template("2")));
        var wait = world.Run();

        world.Advance(wait.Until!.Value - world.Now);
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, true, 0), (world.Status.Phase, world.Status.Abort, world.Revision(2).Size));
        Assert.Equal(
            $"RolloutAborted: Rollout aborted update to revision 2: ReplicaSet \"{world.Revision(2).Name}\" has timed out progressing.", world.Status.Message);
    }

    [Fact]
    public void An_unfinished_first_deployment_is_never_aborted()
    {
        var world = Canary(s => s with { ProgressDeadlineAbort = true, ProgressDeadlineSeconds = 8 }, run: false);
        world.Broken.Add(PodTemplateHash.Of(World.Template("1")));
        world.Run();

        world.Advance(TimeSpan.FromSeconds(30));
        world.Run();

        Assert.Equal((RolloutPhase.Degraded, null), (world.Status.Phase, world.Status.Abort));
        Assert.StartsWith(Reason.ProgressDeadlineExceeded, world.Status.Message, StringComparison.Ordinal);
    }

    private static AnalysisRunView Run(string name, string phase, string hash, DateTimeOffset created) => new()
    {
        Name = name, Phase = phase, Created = created, Labels = new Dictionary<string, string> { [ArgoNames.PodTemplateHash] = hash },
    };

    private static World Canary(Func<RolloutSpec, RolloutSpec> change, bool run = true)
    {
        var world = CanaryPlanningTests.Canary(2, [CanaryPlanningTests.Weight(50), CanaryPlanningTests.Pause()], 1, 0);
        world.Spec(change);
        if (run)
        {
            world.Run();
        }

        return world;
    }
}
