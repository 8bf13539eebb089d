using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Starts, follows and ends the AnalysisRuns of a rollout.</summary>
public static class AnalysisRules
{
    /// <summary>A run that is no longer wanted is forgotten; another rule then ends it.</summary>
    public static Outcome? ForgetUnwanted(Facts facts)
    {
        foreach (var role in AnalysisRole.Of(facts))
        {
            var isOver = role.KeepsRecord ? !IsCancelled(facts) && !role.IsConfigured(facts) : !role.IsConfigured(facts) || IsCancelled(facts) || role.IsOutdated(facts);
            if (isOver && role.Recorded(facts.Status) is not null)
            {
                return new Advance(role.Record(facts.Status, null));
            }
        }

        return null;
    }

    /// <summary>What a finished run means for the update.</summary>
    public static Outcome? Judge(Facts facts)
    {
        if (IsCancelled(facts))
        {
            return null;
        }

        foreach (var role in AnalysisRole.Of(facts).Where(r => r.IsConfigured(facts)))
        {
            var run = role.Run(facts);
            switch (run?.Phase)
            {
                case AnalysisPhase.Failed or AnalysisPhase.Error:
                    return AbortRules.Abort(facts, role.FailureText + (string.IsNullOrEmpty(run.Message) ? "" : $": {run.Message}"));
                case AnalysisPhase.Inconclusive when !PauseRules.IsResumed(facts) && !facts.HasPause(PauseReason.InconclusiveAnalysisRun):
                    return PauseRules.Pause(facts, PauseReason.InconclusiveAnalysisRun);
            }
        }

        return null;
    }

    /// <summary>Starts a run that is due: the first of its kind, or one more after a person resumed from an inconclusive one.</summary>
    public static Outcome? Start(Facts facts)
    {
        if (IsCancelled(facts) || facts.HasPause(PauseReason.InconclusiveAnalysisRun))
        {
            return null;
        }

        foreach (var role in AnalysisRole.Of(facts).Where(r => r.IsConfigured(facts)))
        {
            var run = role.Run(facts);
            var needed = run is null ? role.MayStart(facts) : run.Phase == AnalysisPhase.Inconclusive && PauseRules.IsResumed(facts);
            if (needed)
            {
                return new Act(new StartAnalysis(role.Kind, role.RunName(facts), role.StepIndex(facts)));
            }
        }

        return null;
    }

    /// <summary>
    /// The status once a run has started. One that follows an inconclusive run is what the resumption was for, unless that is to end a pause step or start another run, too.
    /// </summary>
    public static RolloutStatus Started(Facts facts, AnalysisRole role, string name)
    {
        var status = role.Record(facts.Status, new RolloutAnalysisRunStatus { Name = name });
        var isAnother = role.Run(facts)?.Phase == AnalysisPhase.Inconclusive && PauseRules.IsResumed(facts);
        var isNeeded = facts.Step?.Pause is not null || AnalysisRole.Of(facts).Any(r => r != role && r.Run(facts)?.Phase == AnalysisPhase.Inconclusive);
        return isAnother && !isNeeded ? status with { ControllerPause = null } : status;
    }

    /// <summary>Ends every run that is not, or no longer, wanted.</summary>
    public static Outcome? TerminateOthers(Facts facts)
    {
        var kept = IsCancelled(facts) ? [] : AnalysisRole.Of(facts).Where(r => !r.IsOutdated(facts)).Select(r => r.Recorded(facts.Status)?.Name).ToHashSet();
        var names = facts.Seen.AnalysisRuns.Where(r => !r.IsCompleted && !r.Terminating && !kept.Contains(r.Name)).Select(r => r.Name).ToList();
        return names.Count == 0 ? null : new Act(new TerminateAnalysis(names));
    }

    /// <summary>Whether all analysis is over for this update.</summary>
    public static bool IsCancelled(Facts facts) =>
        facts.IsFullyPromoted || facts.IsAborted || facts.PromotesFully || facts.IsInitialDeploy || facts.IsInRollbackWindow
        || BlueGreenRules.IsRollbackWithinDelay(facts);

    /// <summary>The status with each recorded run as it is now.</summary>
    public static RolloutStatus Refresh(Facts facts, RolloutStatus status)
    {
        foreach (var role in AnalysisRole.Of(facts))
        {
            if (role.Recorded(status) is { } recorded && facts.Run(recorded.Name) is { } run)
            {
                status = role.Record(status, new RolloutAnalysisRunStatus { Name = run.Name, Status = run.Phase ?? "", Message = run.Message });
            }
        }

        return status;
    }

    /// <summary>Events on runs whose phase changed.</summary>
    public static IEnumerable<Notice> Changes(Facts facts, RolloutStatus after)
    {
        foreach (var role in AnalysisRole.Of(facts))
        {
            var before = role.Recorded(facts.Status);
            var now = role.Recorded(after) ?? Finished(facts, before);
            if (now is { Status.Length: > 0 } && (before?.Name != now.Name || before.Status != now.Status))
            {
                var previous = before?.Name == now.Name ? before.Status : "";
                yield return new Notice(
                    $"AnalysisRun{now.Status}",
                    $"{role.Kind} Analysis Run '{now.Name}' Status New: '{now.Status}' Previous: '{previous}'",
                    now.Status is AnalysisPhase.Failed or AnalysisPhase.Error);
            }
        }
    }

    // The status names a step's run no longer as soon as its success has ended the step.
    private static RolloutAnalysisRunStatus? Finished(Facts facts, RolloutAnalysisRunStatus? before) =>
        !IsCancelled(facts) && facts.Run(before?.Name) is { Phase: AnalysisPhase.Successful } run ? before! with { Status = run.Phase } : null;
}
