using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>How a Job has ended.</summary>
internal sealed record JobVerdict(bool HasSucceeded, string Reason, string Message);

/// <summary>How far a Job has come, counted from its pods.</summary>
internal sealed record JobProgress(StoredObject Job, IReadOnlyList<StoredObject> Active, int Succeeded, int Failed)
{
    /// <summary>When the newest failed pod ended.</summary>
    public DateTimeOffset? LastFailure { get; private init; }

    public DateTimeOffset Started { get; private init; }

    private DateTimeOffset Now { get; init; }

    public DateTimeOffset? Deadline =>
        Job.Spec.Number("activeDeadlineSeconds") is { } seconds ? Started.AddSeconds(seconds) : null;

    public JobVerdict? Verdict
    {
        get
        {
            if (Failed > (Job.Spec.Number("backoffLimit") ?? 6))
            {
                return new JobVerdict(false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
            }
            if (Deadline <= Now)
            {
                return new JobVerdict(false, "DeadlineExceeded", "Job was active longer than specified deadline");
            }
            // Without completions one success is enough, once all pods have ended.
            var isComplete = Job.Spec.Number("completions") is { } completions ? Succeeded >= completions : Succeeded > 0 && Active.Count == 0;
            return isComplete ? new JobVerdict(true, "", "") : null;
        }
    }

    /// <summary>How many pods have to be created; below zero, deleted.</summary>
    public int Missing
    {
        get
        {
            var parallelism = Job.Spec.Number("parallelism") ?? 1;
            var wanted = Job.Spec.Number("completions") is { } completions ? Math.Min(parallelism, completions - Succeeded)
                : Succeeded > 0 ? Active.Count : parallelism;
            return (int)wanted - Active.Count;
        }
    }

    public static bool IsFinished(StoredObject job) =>
        job.Condition("Complete").Text("status") == "True" || job.Condition("Failed").Text("status") == "True";

    public static JobProgress Of(StoredObject job, IReadOnlyCollection<StoredObject> pods, DateTimeOffset now)
    {
        var failed = pods.Where(p => p.Phase() == "Failed").ToList();
        return new JobProgress(job, [.. pods.Where(p => p.IsActive())], pods.Count(p => p.Phase() == "Succeeded"), failed.Count)
        {
            LastFailure = failed.Count == 0 ? null : failed.Max(p => EndOf(p) ?? now),
            Started = job.Status.Time("startTime") ?? now,
            Now = now,
        };
    }

    public JsonObject Status(int created)
    {
        var status = new JsonObject { ["startTime"] = Started.Timestamp() };
        SetCount(status, "active", Active.Count + created);
        SetCount(status, "succeeded", Succeeded);
        SetCount(status, "failed", Failed);
        return status;
    }

    public JsonObject FinalStatus(JobVerdict verdict, DateTimeOffset now)
    {
        var condition = new JsonObject
        {
            ["type"] = verdict.HasSucceeded ? "Complete" : "Failed",
            ["status"] = "True",
            ["lastProbeTime"] = now.Timestamp(),
            ["lastTransitionTime"] = now.Timestamp(),
        };
        condition.SetOrRemove("reason", verdict.Reason);
        condition.SetOrRemove("message", verdict.Message);
        var status = new JsonObject { ["conditions"] = new JsonArray(condition), ["startTime"] = Started.Timestamp() };
        SetCount(status, "succeeded", Succeeded);
        SetCount(status, "failed", verdict.HasSucceeded ? Failed : Failed + Active.Count);
        if (verdict.HasSucceeded)
        {
            status["completionTime"] = now.Timestamp();
        }
        return status;
    }

    private static DateTimeOffset? EndOf(StoredObject pod) =>
        pod.Status.Objects("containerStatuses").Select(s => s.Time("state", "terminated", "finishedAt")).Max();

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count > 0)
        {
            status[name] = count;
        }
    }
}
