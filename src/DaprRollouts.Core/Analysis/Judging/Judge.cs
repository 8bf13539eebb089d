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
            status = tally.Take(metric, status);
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

        public AnalysisRunStatus Take(MetricPlan metric, AnalysisRunStatus status)
        {
            Count(metric, s => s with { Count = s.Count + 1 });
            if (status.Result(metric.Name) is not { } result || !AnalysisPhase.IsCompleted(result.Phase))
            {
                _finished = false;
                return status;
            }

            var broken = MetricAssessment.Broken(metric, result);
            Count(metric, s => Bucket(s, broken?.Phase));
            if (metric.DryRun)
            {
                _worst ??= AnalysisPhase.Successful;
                return broken is null ? status : status.WithResult(result with { Message = $"Metric assessed {result.Phase} due to {broken.Reason}" });
            }

            if (_worst is null || AnalysisPhase.IsWorse(result.Phase, _worst))
            {
                _worst = result.Phase;
                if (broken is not null)
                {
                    _message = $"Metric \"{metric.Name}\" assessed {result.Phase} due to {broken.Reason}"
                        + (string.IsNullOrEmpty(result.Message) ? "" : $": \"Error Message: {result.Message}\"");
                }
            }

            return status;
        }

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
