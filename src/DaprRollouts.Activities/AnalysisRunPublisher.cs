using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>Reads AnalysisRuns, never older than their last write, and publishes their status.</summary>
public sealed class AnalysisRunPublisher(ClusterCache cluster, ClusterWriter writer, EventRecorder events)
{
    /// <summary>Whether what can wait to be written had better wait.</summary>
    public bool IsCrowded => writer.IsCrowded;

    /// <summary>The run as the cache has it, unless that is older than the floor; null if it is gone or another has its name.</summary>
    public async Task<AnalysisRun?> ReadAsync(AnalysisRunKey key, long floor, CancellationToken cancel)
    {
        var cached = cluster.AnalysisRuns.Get(key.Namespace, key.Name);
        return cached is not null && long.TryParse(cached.Metadata.ResourceVersion, out var version) && version >= floor && cached.Metadata.Uid == key.Uid
            ? Existing(cached, key)
            : await ReadLiveAsync(key, cancel);
    }

    /// <summary>The run as the API server has it.</summary>
    public async Task<AnalysisRun?> ReadLiveAsync(AnalysisRunKey key, CancellationToken cancel) =>
        Existing(await writer.GetAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, key.Namespace, key.Name, cancel), key);

    /// <summary>Writes what of the status changed, and then tells of it.</summary>
    /// <returns>The run as it is stored now.</returns>
    public async Task<AnalysisRun> PublishAsync(AnalysisRun run, Verdict verdict, CancellationToken cancel)
    {
        var changes = MergePatch.Diff(run.Status is { } before ? ModelJson.ToNode(before) : [], ModelJson.ToNode(verdict.Status));
        if (changes.Count > 0)
        {
            // The resource version keeps a twin of this activity from writing over what it has not seen.
            var metadata = new JsonObject { ["uid"] = run.Metadata.Uid, ["resourceVersion"] = run.Metadata.ResourceVersion };
            var workflow = WorkflowIds.AnalysisRun(run.Metadata.Name, run.Metadata.Uid);
            if (run.Metadata.Annotations?.TryGetValue(OwnNames.WorkflowId, out var published) != true || published != workflow)
            {
                metadata["annotations"] = new JsonObject { [OwnNames.WorkflowId] = workflow };
            }

            var patch = new JsonObject { ["metadata"] = metadata, ["status"] = changes };
            run = await writer.PatchAsync(
                Kinds.AnalysisRuns, cluster.AnalysisRuns, run.Metadata.NamespaceProperty, run.Metadata.Name, patch, cancel: cancel);
        }

        foreach (var notice in verdict.Notices)
        {
            events.Record(run, notice.IsWarning, notice.Reason, notice.Message);
        }

        return run;
    }

    /// <summary>Deletes a run.</summary>
    public Task DeleteAsync(AnalysisRun run, CancellationToken cancel) =>
        writer.DeleteAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, run.Metadata.NamespaceProperty, run.Metadata.Name, run.Metadata.Uid, cancel);

    private static AnalysisRun? Existing(AnalysisRun? run, AnalysisRunKey key) =>
        run?.Metadata.Uid == key.Uid && run.Metadata.DeletionTimestamp is null ? run : null;
}
