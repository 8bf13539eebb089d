using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Runs the pods of each Job until enough have succeeded, too many have failed or its time is over.</summary>
internal sealed class Jobs : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(6);

    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly ResourceType _pods;
    private readonly Worker<ObjectKey> _worker;
    private readonly EventRecorder _events;
    private readonly Adoption _adoption;

    public Jobs(ControllerContext context)
    {
        _context = context;
        _type = context.Type("batch", "jobs");
        _pods = context.Registry.Catalog.Pods;
        _worker = new Worker<ObjectKey>(context, Reconcile);
        _events = new EventRecorder(context, "job-controller");
        _adoption = new Adoption(context, _type);
        var jobs = context.ShelfOf(_type);
        var pods = context.ShelfOf(_pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == jobs && change.Kind != ChangeKind.Deleted)
            {
                _worker.Queue.Add(change.Object.Key);
            }
            else if (shelf == pods && (change.Object.Controller ?? change.Previous?.Controller) is { Kind: "Job" } owner)
            {
                _worker.Queue.Add(new ObjectKey(change.Object.Key.Namespace, owner.Name));
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { IsDeleting: false } job)
        {
            return;
        }
        if (JobProgress.IsFinished(job))
        {
            Expire(job);
            return;
        }
        var progress = JobProgress.Of(job, _adoption.Claim(job), _context.Now);
        if (progress.Verdict is { } verdict)
        {
            Finish(progress, verdict);
            return;
        }
        var created = Scale(progress);
        WriteStatus(job, progress.Status(created));
        if (progress.Deadline is { } deadline)
        {
            _worker.Queue.AddAfter(key, deadline - _context.Now);
        }
    }

    /// <summary>Creates the pods that are missing, later if some have failed; returns how many.</summary>
    private int Scale(JobProgress progress)
    {
        var missing = progress.Missing;
        if (missing < 0)
        {
            foreach (var pod in PodRanking.DeletedFirst(progress.Active).Take(-missing))
            {
                Delete(pod);
            }
            return missing;
        }
        if (missing > 0 && progress.LastFailure is { } failure)
        {
            var backoff = FirstBackoff * Math.Pow(2, Math.Min(progress.Failed - 1, 10));
            var due = failure + (backoff < LongestBackoff ? backoff : LongestBackoff);
            if (due > _context.Now)
            {
                _worker.Queue.AddAfter(progress.Job.Key, due - _context.Now);
                return 0;
            }
        }
        for (var i = 0; i < missing; i++)
        {
            var pod = _context.Registry.Create(_pods, progress.Job.Key.Namespace, PodTemplate.Instantiate("batch/v1", "Job", progress.Job), ControllerContext.Writer);
            _events.Normal(_type, progress.Job, "SuccessfulCreate", $"Created pod: {pod.Key.Name}");
        }
        return Math.Max(0, missing);
    }

    private void Finish(JobProgress progress, JobVerdict verdict)
    {
        foreach (var pod in progress.Active)
        {
            Delete(pod);
        }
        WriteStatus(progress.Job, progress.FinalStatus(verdict, _context.Now));
        if (verdict.HasSucceeded)
        {
            _events.Normal(_type, progress.Job, "Completed", "Job completed");
        }
        else
        {
            _events.Warning(_type, progress.Job, verdict.Reason, verdict.Message);
        }
    }

    private void Expire(StoredObject job)
    {
        var ended = job.Status.Objects("conditions").Select(c => c.Time("lastTransitionTime")).Max();
        if (job.Spec.Number("ttlSecondsAfterFinished") is not { } seconds || ended is null)
        {
            return;
        }
        var left = ended.Value.AddSeconds(seconds) - _context.Now;
        if (left <= TimeSpan.Zero)
        {
            _context.Registry.Delete(_type, job.Key, new DeleteOptions { Uid = job.Uid, Propagation = "Foreground" }, ControllerContext.Writer);
        }
        else
        {
            _worker.Queue.AddAfter(job.Key, left);
        }
    }

    private void Delete(StoredObject pod) =>
        _context.Registry.Delete(_pods, pod.Key, new DeleteOptions { Uid = pod.Uid }, ControllerContext.Writer);

    private void WriteStatus(StoredObject job, JsonObject status)
    {
        if (!JsonNode.DeepEquals(status, job.Status))
        {
            _context.Registry.Update(
                _type, job.Key,
                content =>
                {
                    content["status"] = status.DeepClone();
                    return content;
                },
                ControllerContext.StatusWriter);
        }
    }
}
