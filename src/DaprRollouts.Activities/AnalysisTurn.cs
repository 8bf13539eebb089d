using DaprRollouts.Activities.Metrics;
using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>
/// One look at an AnalysisRun: what is due is measured, everything is judged, and what changed is written at once. A measurement that changes no verdict
/// may wait for the next; until it is written, the workflow remembers it.
/// </summary>
public sealed class AnalysisTurn(AnalysisRunPublisher publisher, Measurer measurer, TimeProvider time)
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan LongestUnwritten = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Looks at the run.</summary>
    public Task<AnalysisReport> TakeAsync(AnalysisRound round, CancellationToken cancel) =>
        Turns.OfAnalysisRuns.MeasureAsync(round.Run.Namespace, round.Run.Name, () => LookAndWriteAsync(round, cancel), cancel);

    private async Task<AnalysisReport> LookAndWriteAsync(AnalysisRound round, CancellationToken cancel)
    {
        var memory = round.Memory;
        var run = await publisher.ReadAsync(round.Run, memory.Floor, cancel);
        for (var attempt = 1; run is not null; attempt++)
        {
            if (memory.Unwritten.Count == 0 && AnalysisPhase.IsCompleted(run.Status?.Phase))
            {
                return await LeaveAsync(run, memory, cancel);
            }

            var look = await LookAsync(run, memory, cancel);
            memory = look.Memory;
            if (MayWait(look, run))
            {
                return new AnalysisReport(false, look.NextAt, look.WaitsFor, memory);
            }

            try
            {
                run = await publisher.PublishAsync(run, look.Verdict, cancel);
                return Written(run, look);
            }
            catch (ConflictException) when (attempt < MaxAttempts)
            {
                run = await publisher.ReadLiveAsync(round.Run, cancel);
            }
            catch (NotFoundException)
            {
                run = null;
            }
            catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
            {
                return new AnalysisReport(false, time.GetUtcNow() + RetryAfter, $"waiting to write the status: {e.Message}", memory);
            }
        }

        return new AnalysisReport(true, null, "the AnalysisRun is gone", memory);
    }

    private async Task<AnalysisReport> LeaveAsync(AnalysisRun run, AnalysisMemory memory, CancellationToken cancel)
    {
        if (TimeToLive.EndsAt(run.Spec ?? new AnalysisRunSpec(), run.Status!) is not { } end)
        {
            return new AnalysisReport(true, null, $"ended: {run.Status!.Phase}", memory);
        }

        if (end > time.GetUtcNow())
        {
            return new AnalysisReport(false, end, $"ended: {run.Status!.Phase}; to be deleted", memory);
        }

        await publisher.DeleteAsync(run, cancel);
        return new AnalysisReport(true, null, "deleted, as its time to live is over", memory);
    }

    private async Task<Look> LookAsync(AnalysisRun run, AnalysisMemory memory, CancellationToken cancel)
    {
        var verdict = new Verdict(run.Status ?? new AnalysisRunStatus(), []);
        try
        {
            var plan = run.UnreadableSpec is { } problem
                ? throw new InvalidAnalysisException($"Analysis spec invalid: {problem}")
                : AnalysisPlan.Of(run.Spec ?? new AnalysisRunSpec(), run.Metadata.Annotations);
            verdict = Remembered(plan, verdict.Status, memory);
            bool terminating;
            do
            {
                terminating = Schedule.IsTerminating(plan, verdict.Status);
                var due = Schedule.Due(plan, verdict.Status, memory.Beat, time.GetUtcNow());
                var taken = await measurer.TakeAsync(run, plan, verdict.Status, due, cancel);
                memory = Remember(memory, plan, verdict.Status, taken);
                var assessed = Judge.Assess(plan, TakenMeasurement.Restore(plan, verdict.Status, taken.Select(t => t.Item)), terminating, time.GetUtcNow());
                verdict = new Verdict(assessed.Status, [.. verdict.Notices, .. assessed.Notices]);
            }
            while (!AnalysisPhase.IsCompleted(verdict.Status.Phase) && !terminating && Schedule.IsTerminating(plan, verdict.Status));

            var next = Schedule.NextAt(plan, verdict.Status, memory.Beat, time.GetUtcNow());
            return new Look(verdict, memory, next, AnalysisProgress.Describe(run.Spec!, verdict.Status));
        }
        catch (InvalidAnalysisException e)
        {
            var rejected = Judge.Reject(verdict.Status, e.Message);
            return new Look(new Verdict(rejected.Status, [.. verdict.Notices, .. rejected.Notices]), memory, null, e.Message);
        }
    }

    // What could not be written in time may have decided the run; nothing is to be measured on top of it.
    private Verdict Remembered(AnalysisPlan plan, AnalysisRunStatus stored, AnalysisMemory memory)
    {
        if (memory.Unwritten.Count == 0)
        {
            return new Verdict(stored, []);
        }

        var begun = stored with { StartedAt = stored.StartedAt ?? memory.Unwritten[0].Measurement.StartedAt };
        return Judge.Assess(plan, TakenMeasurement.Restore(plan, begun, memory.Unwritten), terminating: false, time.GetUtcNow());
    }

    private AnalysisMemory Remember(AnalysisMemory memory, AnalysisPlan plan, AnalysisRunStatus before, IReadOnlyList<Taken> taken)
    {
        var beat = memory.Beat;
        foreach (var (item, finishedAt) in taken)
        {
            if (finishedAt is { } finished)
            {
                var planned = beat.At(item.Metric, before.Result(item.Metric)?.Ended ?? 0) ?? item.Measurement.StartedAt ?? finished;
                beat = beat.With(item.Metric, new NextBeat(item.Ordinal, Schedule.After(plan.Metric(item.Metric)!, item.Measurement.Phase, planned, finished)));
            }
        }

        return memory with
        {
            Beat = beat,
            Unwritten = [.. memory.Unwritten, .. taken.Select(t => t.Item)],
            UnwrittenSince = memory.UnwrittenSince ?? (taken.Count > 0 ? time.GetUtcNow() : null),
        };
    }

    /// <summary>Whether nothing is to be written, or nothing that cannot wait for the next measurement.</summary>
    private bool MayWait(Look look, AnalysisRun run)
    {
        if (look.NextAt is not { } next || (look.Memory.UnwrittenSince is { } since && next > since + Patience(run, since)))
        {
            return false;
        }

        var before = run.Status ?? new AnalysisRunStatus();
        var after = look.Verdict.Status;
        return Adds(before, after) || (publisher.IsCrowded && Begins(before, after) && look.Memory.Unwritten.Count > 0);
    }

    private static bool Adds(AnalysisRunStatus before, AnalysisRunStatus after) =>
        before.Phase == after.Phase
        && before.Message == after.Message
        && before.StartedAt == after.StartedAt
        && (after.MetricResults ?? []).All(r => before.Result(r.Name) is { } known && known.Phase == r.Phase && OnlyAdds(known, r));

    // Nobody acts on a run that has begun, and the next measurement must not wait until that is written.
    private static bool Begins(AnalysisRunStatus before, AnalysisRunStatus after) =>
        string.IsNullOrEmpty(before.Phase) && after.Phase == AnalysisPhase.Running && (after.MetricResults ?? []).All(r => r.Phase == AnalysisPhase.Running);

    // Runs that began together would be written together ever after: the first time, each is written after 1 to 5 seconds.
    private static TimeSpan Patience(AnalysisRun run, DateTimeOffset since) => since < run.Status?.StartedAt + LongestUnwritten
        ? LongestUnwritten * (0.2 + (0.8 * run.Metadata.Uid.Aggregate(0u, (hash, letter) => (hash * 31) + letter) / uint.MaxValue))
        : LongestUnwritten;

    private static bool OnlyAdds(MetricResult before, MetricResult after) =>
        before.Ended == after.Ended
            ? System.Text.Json.Nodes.JsonNode.DeepEquals(ModelJson.ToNode(before), ModelJson.ToNode(after))
            : before.Last?.FinishedAt is not null && after.Last?.FinishedAt is not null;

    private static AnalysisReport Written(AnalysisRun run, Look look)
    {
        var memory = look.Memory with
        {
            Floor = long.TryParse(run.Metadata.ResourceVersion, out var version) ? version : look.Memory.Floor,
            Unwritten = [],
            UnwrittenSince = null,
        };
        var phase = look.Verdict.Status.Phase;
        if (!AnalysisPhase.IsCompleted(phase))
        {
            return new AnalysisReport(false, look.NextAt, look.WaitsFor, memory);
        }

        var end = TimeToLive.EndsAt(run.Spec ?? new AnalysisRunSpec(), look.Verdict.Status);
        return new AnalysisReport(end is null, end, $"ended: {phase}", memory);
    }

    private sealed record Look(Verdict Verdict, AnalysisMemory Memory, DateTimeOffset? NextAt, string WaitsFor);
}
