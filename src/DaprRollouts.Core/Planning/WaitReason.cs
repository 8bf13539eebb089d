using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Core.Planning;

/// <summary>What a rollout waits for, until when, and who can move it, in one line.</summary>
public static class WaitReason
{
    /// <summary>The wait that a status describes.</summary>
    public static Wait Of(Facts facts, RolloutStatus status)
    {
        var until = Earliest(
            facts.IsPausedBySpec ? null : PauseEnd(facts, status),
            Progressing.Deadline(facts, status),
            BlueGreenScalingRules.NextDeadline(facts),
            facts.Spec.RestartAt > facts.Now ? facts.Spec.RestartAt : null,
            RestartRules.NextLook(facts));
        return new Wait(Describe(facts, status).Text, until);
    }

    /// <summary>The kind of the wait (see <see cref="WaitKind"/>) and its line.</summary>
    public static (string Kind, string Text) Describe(Facts facts, RolloutStatus status)
    {
        if (status.Condition(ConditionType.InvalidSpec) is { } invalid)
        {
            return (WaitKind.CorrectedManifest, $"waiting for a corrected manifest: {invalid.Message}");
        }

        if (facts.IsPausedBySpec)
        {
            return (WaitKind.Resumption, "paused by spec.paused, until somebody resumes it");
        }

        if (status.Abort == true && !facts.IsFullyPromoted)
        {
            return (WaitKind.RetryAfterAbort, "aborted: waiting for retry, promote --full or a new revision");
        }

        if (status.PauseConditions is [var first, ..] pauses)
        {
            var undecided = pauses.FirstOrDefault(p => p.Reason is PauseReason.InconclusiveAnalysisRun or PauseReason.InconclusiveExperiment);
            var pause = undecided ?? first;
            var by = undecided is null && PauseEnd(facts, status) is { } end ? $"until {ModelJson.Time(end)}, or promote" : "until somebody promotes it";
            return (WaitKind.PauseEnd, $"paused ({pause.Reason}) since {ModelJson.Time(pause.StartTime ?? facts.Now)}, {by}");
        }

        return RestartRules.Waits(facts) is { } restart ? (WaitKind.Restart, restart)
            : Pods(facts) is { } pods ? (WaitKind.Pods, pods)
            : Analysis(facts) is { } analysis ? (WaitKind.Analysis, analysis)
            : status.Phase == RolloutPhase.Healthy ? (WaitKind.NewRevision, "a new revision")
            : (WaitKind.Change, status.Message ?? "a change");
    }

    private static string? Pods(Facts facts)
    {
        if (facts.New is { } rs && rs.Available < rs.Size)
        {
            var role = facts.IsInitialDeploy || facts.NewIsStable ? "pods" : facts.IsCanary ? "canary pods" : "preview pods";
            return $"waiting for {rs.Size - rs.Available} of {rs.Size} {role} to become available";
        }

        return facts.Stable is { } stable && stable != facts.New && stable.Available < stable.Size
            ? $"waiting for {stable.Size - stable.Available} of {stable.Size} stable pods to become available"
            : null;
    }

    private static string? Analysis(Facts facts)
    {
        var run = AnalysisRole.Of(facts).Select(r => r.Run(facts)).FirstOrDefault(r => r is { IsCompleted: false });
        return run is null ? null : $"waiting for analysis {run.Name}" + (run.Progress.Length == 0 ? "" : $": {run.Progress}");
    }

    private static DateTimeOffset? PauseEnd(Facts facts, RolloutStatus status) =>
        facts.Step?.Pause is { } pause ? PauseDuration.End(pause, status) : BlueGreenRules.PauseEnd(facts);

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> instants)
    {
        DateTimeOffset? earliest = null;
        foreach (var instant in instants)
        {
            earliest = earliest is null || instant < earliest ? instant ?? earliest : earliest;
        }

        return earliest;
    }
}
