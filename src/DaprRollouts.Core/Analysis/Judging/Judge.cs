using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>Judges a run by what is stored of it: nothing else plays a part, so that judging again gives the same.</summary>
public static class Judge
{
    private const string TerminatedMessage = "Run Terminated";

    /// <summary>The status after a look at the measurements.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="status">With the newest measurements.</param>
    /// <param name="terminating">Whether the run was on its way to its end before they were taken.</param>
    /// <param name="now">The time.</param>
    public static Verdict Assess(AnalysisPlan plan, AnalysisRunStatus status, bool terminating, DateTimeOffset now)
    {
        List<AnalysisNotice> notices = [];
        foreach (var metric in plan.Metrics)
        {
            if (status.Result(metric.Name) is { } result && MetricAssessment.Phase(metric, result, terminating) is var phase && phase != result.Phase)
            {
                status = status.WithResult(result with { Phase = phase, Message = result.Last?.Message });
                if (AnalysisPhase.IsCompleted(phase))
                {
                    notices.Add(AnalysisNotice.Of("Metric", phase, $"Metric '{metric.Name}' Completed. Result: {phase}"));
                }
            }
        }

        var tally = new Tally(plan.Terminate ? TerminatedMessage : "");
        foreach (var metric in plan.Metrics)
        {
            status = tally.Take(metric, status, terminating);
        }

        var (newPhase, message) = tally.Result(terminating);
        status = status with { StartedAt = status.StartedAt ?? Recording.Rounded(now), RunSummary = tally.Summary, DryRunSummary = tally.DryRunSummary };
        if (newPhase != status.Phase)
        {
            status = status with { Phase = newPhase, Message = message.Length == 0 ? null : message };
            if (AnalysisPhase.IsCompleted(newPhase))
            {
                notices.Add(AnalysisNotice.Of("AnalysisRun", newPhase, $"Analysis Completed. Result: {newPhase}"));
                status = status with { CompletedAt = Recording.Rounded(now) };
            }
        }

        return new Verdict(Recording.Trim(plan, status), notices);
    }

    /// <summary>What stored measurements and counts amount to, whatever phases were stored beside them.</summary>
    public static AnalysisRunStatus Again(AnalysisPlan plan, AnalysisRunStatus status, DateTimeOffset now)
    {
        var bare = status with
        {
            Phase = AnalysisPhase.Running,
            Message = null,
            CompletedAt = null,
            MetricResults = status.MetricResults is { } results ? [.. results.Select(r => r with { Phase = AnalysisPhase.Running, Message = null })] : null,
        };
        if (status.Message != TerminatedMessage && Settled(plan with { Terminate = false }, bare, now) is { } settled && AnalysisPhase.IsCompleted(settled.Phase))
        {
            return settled; // it ended by itself; whoever asked for its end came late
        }

        return Settled(plan, bare, now);
    }

    // A metric that fails ends the others at the next look.
    private static AnalysisRunStatus Settled(AnalysisPlan plan, AnalysisRunStatus bare, DateTimeOffset now)
    {
        var first = Assess(plan, bare, plan.Terminate, now).Status;
        return !AnalysisPhase.IsCompleted(first.Phase) && Schedule.IsTerminating(plan, first) ? Assess(plan, first, terminating: true, now).Status : first;
    }

    /// <summary>The status of a run that cannot be carried out.</summary>
    public static Verdict Reject(AnalysisRunStatus status, string message) => new(
        status with { Phase = AnalysisPhase.Error, Message = message },
        [AnalysisNotice.Of("AnalysisRun", AnalysisPhase.Error, $"Analysis Completed. Result: {AnalysisPhase.Error}")]);

    /// <summary>Counts how the metrics of a run ended.</summary>
    private sealed class Tally(string message)
    {
        private string? _worst;
        private string _message = message;
        private bool _finished = true;

        public AnalysisRunSummary Summary { get; private set; } = new();

        public AnalysisRunSummary DryRunSummary { get; private set; } = new();

        public AnalysisRunStatus Take(MetricPlan metric, AnalysisRunStatus status, bool terminating)
        {
            Count(metric, s => s with { Count = s.Count + 1 });
            if (status.Result(metric.Name) is not { } result || !AnalysisPhase.IsCompleted(result.Phase))
            {
                _finished = false;
                if (terminating && !metric.DryRun && status.Result(metric.Name) is null && MetricAssessment.Shortage(metric, null) is { } never)
                {
                    Weigh(metric, never.Phase, never, null);
                }

                return status;
            }

            var broken = MetricAssessment.Broken(metric, result) ?? Shortage(metric, result);
            Count(metric, s => Bucket(s, broken?.Phase));
            if (metric.DryRun)
            {
                _worst ??= AnalysisPhase.Successful;
                return broken is null ? status : status.WithResult(result with { Message = $"Metric assessed {result.Phase} due to {broken.Reason}" });
            }

            Weigh(metric, result.Phase, broken, result.Message);
            return status;
        }

        private void Weigh(MetricPlan metric, string phase, BrokenLimit? broken, string? message)
        {
            if (_worst is null || AnalysisPhase.IsWorse(phase, _worst))
            {
                _worst = phase;
                if (broken is not null)
                {
                    _message = $"Metric \"{metric.Name}\" assessed {phase} due to {broken.Reason}"
                        + (string.IsNullOrEmpty(message) ? "" : $": \"Error Message: {message}\"");
                }
            }
        }

        private static BrokenLimit? Shortage(MetricPlan metric, MetricResult result) =>
            result.Phase != AnalysisPhase.Successful && MetricAssessment.Shortage(metric, result) is { } shortage && shortage.Phase == result.Phase ? shortage : null;

        public (string Phase, string Message) Result(bool terminating) =>
            terminating ? (_worst ?? AnalysisPhase.Successful, _message)
            : _worst is not null && _finished ? (_worst, _message)
            : (AnalysisPhase.Running, "");

        private static AnalysisRunSummary Bucket(AnalysisRunSummary summary, string? phase) => phase switch
        {
            AnalysisPhase.Failed => summary with { Failed = summary.Failed + 1 },
            AnalysisPhase.Inconclusive => summary with { Inconclusive = summary.Inconclusive + 1 },
            AnalysisPhase.Error => summary with { Error = summary.Error + 1 },
            _ => summary with { Successful = summary.Successful + 1 }, // whatever the phase: an end that no limit explains
        };

        private void Count(MetricPlan metric, Func<AnalysisRunSummary, AnalysisRunSummary> change)
        {
            if (metric.DryRun)
            {
                DryRunSummary = change(DryRunSummary);
            }
            else
            {
                Summary = change(Summary);
            }
        }
    }
}

/// <summary>A status, and the events to tell of.</summary>
public sealed record Verdict(AnalysisRunStatus Status, IReadOnlyList<AnalysisNotice> Notices);

/// <summary>An event on an AnalysisRun.</summary>
public sealed record AnalysisNotice(string Reason, string Message, bool IsWarning)
{
    internal static AnalysisNotice Of(string subject, string phase, string message) =>
        new(subject + phase, message, phase is AnalysisPhase.Failed or AnalysisPhase.Error);
}
