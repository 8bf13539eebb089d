using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Core.Overviews;

/// <summary>Explains a rollout: what it waits for, since when, until when, and who can move it.</summary>
public static class ExplanationOf
{
    private const string Executor = "the executor, which has work to do";

    private enum Hold
    {
        Executor,
        InvalidSpec,
        PausedBySpec,
        Aborted,
        TimedPause,
        Inconclusive,
        Pause,
        Pods,
        Analysis,
        Nothing,
    }

    /// <summary>The explanation of what was observed.</summary>
    /// <param name="seen">The rollout.</param>
    /// <param name="pods">Its pods, as far as they are known.</param>
    /// <param name="now">The time.</param>
    public static Explanation Rollout(Observation seen, IReadOnlyList<PodOverview> pods, DateTimeOffset now)
    {
        var facts = new Facts(seen, now);
        var summary = SummaryOf.Rollout(seen, now);
        var wait = Planner.Decide(seen, now).Move as Wait;
        var hold = wait is null ? Hold.Executor : HoldOf(facts, wait);
        return new Explanation
        {
            Namespace = summary.Namespace,
            Name = summary.Name,
            Revision = facts.Revision,
            Phase = summary.Phase,
            Reason = wait?.For ?? Executor,
            Where = Where(summary),
            Since = Since(facts, hold),
            Until = hold is Hold.TimedPause or Hold.Pods or Hold.Analysis ? wait!.Until : null,
            Movers = [.. Movers(hold, facts, summary.Name)],
            Troubles = [.. Troubles(facts, pods)],
        };
    }

    private static Hold HoldOf(Facts facts, Wait wait) => facts.Status switch
    {
        _ when facts.Status.Condition(ConditionType.InvalidSpec) is not null => Hold.InvalidSpec,
        _ when facts.IsPausedBySpec => Hold.PausedBySpec,
        { Abort: true } when !facts.IsFullyPromoted => Hold.Aborted,
        { PauseConditions: [{ Reason: PauseReason.InconclusiveAnalysisRun or PauseReason.InconclusiveExperiment }, ..] } => Hold.Inconclusive,
        { PauseConditions: [_, ..] } => wait.Until is null ? Hold.Pause : Hold.TimedPause,
        _ when RunUnderWay(facts) is not null && !LacksPods(facts) => Hold.Analysis,
        { Phase: RolloutPhase.Healthy } => Hold.Nothing,
        _ => Hold.Pods,
    };

    private static bool LacksPods(Facts facts) => facts.New is { } rs && rs.Available < rs.Size;

    private static AnalysisRunView? RunUnderWay(Facts facts) => AnalysisRole.Of(facts).Select(r => r.Run(facts)).FirstOrDefault(r => r is { IsCompleted: false });

    private static string Where(RolloutSummary summary)
    {
        var step = summary is { StepIndex: { } index, StepCount: { } count }
            ? index < count ? $"step {index + 1} of {count}{(summary.Step is null ? "" : $" ({summary.Step})")}" : $"all {count} steps done"
            : null;
        var weight = summary is { SetWeight: { } wanted, ActualWeight: { } actual } && wanted < 100 ? $"weight {wanted}, in fact {actual}" : null;
        return string.Join(", ", new[] { step, weight, $"{summary.Available} of {summary.Desired} pods available" }.OfType<string>());
    }

    private static DateTimeOffset? Since(Facts facts, Hold hold) => hold switch
    {
        Hold.InvalidSpec => facts.Status.Condition(ConditionType.InvalidSpec)?.LastTransitionTime,
        Hold.PausedBySpec => facts.Status.Duration?.ManualPauseStartedAt ?? facts.Status.Condition(ConditionType.Paused)?.LastTransitionTime,
        Hold.Aborted => facts.Status.AbortedAt,
        Hold.TimedPause or Hold.Pause or Hold.Inconclusive => facts.Status.PauseConditions?[0].StartTime,
        Hold.Analysis => RunUnderWay(facts)?.Created,
        Hold.Nothing => facts.Status.Condition(ConditionType.Healthy)?.LastTransitionTime,
        Hold.Pods => facts.Status.Condition(ConditionType.Progressing)?.LastUpdateTime,
        _ => null,
    };

    private static IEnumerable<Mover> Movers(Hold hold, Facts facts, string name)
    {
        var promote = new Mover("promote", "goes on with the update", $"promote {name}");
        var full = new Mover("promote --full", "ends the update at once, without further steps, pauses and analyses", $"promote {name} --full");
        var abort = new Mover("abort", "returns everything to the stable version", $"abort {name}");
        var manifest = new Mover("a changed manifest", "starts a new revision", $"set image {name} CONTAINER=IMAGE");
        return hold switch
        {
            Hold.InvalidSpec => [new Mover("a corrected manifest", "goes on from where it was", "lint -f FILE")],
            Hold.PausedBySpec => [promote with { Effect = "ends spec.paused and goes on" }, .. AbortWhere(facts, abort)],
            Hold.Aborted => [new Mover("retry", "starts the update again", $"retry rollout {name}"), full, new Mover("undo", "puts the stable manifest back", $"undo {name}")],
            Hold.TimedPause => [new Mover("time", "goes on by itself"), promote, full, abort],
            Hold.Inconclusive => [promote with { Effect = "takes the analysis as passed and goes on" }, full, abort],
            Hold.Pause => [promote, full, abort],
            Hold.Analysis => [new Mover("the analysis", "goes on if it passes, aborts if it fails", $"explain analysisrun {RunUnderWay(facts)!.Name}"), full, abort],
            Hold.Pods => [new Mover("the cluster", "goes on when the pods are available", $"get rollout {name}"), .. AbortWhere(facts, abort)],
            Hold.Nothing => [manifest],
            _ => [new Mover("the executor", "goes on in a moment; if it does not, see whether it runs", $"history {name}")],
        };
    }

    private static IReadOnlyList<Mover> AbortWhere(Facts facts, Mover abort) => facts.IsInitialDeploy || facts.IsFullyPromoted ? [] : [abort];

    private static IEnumerable<string> Troubles(Facts facts, IReadOnlyList<PodOverview> pods)
    {
        var failing = pods.Where(p => p.Status is not ("Running" or "Completed" or "Succeeded" or "Terminating" or "Pending" or "ContainerCreating")).GroupBy(p => p.Status);
        foreach (var group in failing.OrderByDescending(g => g.Count()))
        {
            yield return $"{group.Count()} {(group.Count() == 1 ? "pod is" : "pods are")} {group.Key}, such as {group.First().Name}";
        }

        foreach (var rs in facts.Seen.ReplicaSets.Where(r => r.Failure is not null))
        {
            yield return $"ReplicaSet {rs.Name}: {rs.Failure!.Message}";
        }

        if (RunUnderWay(facts) is { } run)
        {
            foreach (var metric in run.Results.Where(r => r.Failed + r.Error > 0))
            {
                yield return $"metric {metric.Name} of {run.Name}: {metric.Failed} failed, {metric.Error} errors{(metric.Last?.Message is { Length: > 0 } why ? $"; last: {why}" : "")}";
            }
        }
    }
}
