using DaprRollouts.Activities.Metrics;
using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Workflows;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Executor.Triggers;

/// <summary>Every AnalysisRun that is unfinished, or has a time to live, has a workflow; one that is to be terminated, or is gone, wakes it.</summary>
internal sealed partial class AnalysisRunTrigger(
    ClusterCache cluster, WorkflowStarter starter, StrayJobs jobs, TimeProvider time, ILogger<AnalysisRunTrigger> logger)
{
    private const int Workers = 16;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly KeyedQueue<AnalysisRunKey> _queue = new("analysisruns", time);

    /// <summary>Follows the cache and works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        cluster.AnalysisRuns.Changed += OnChange;
        try
        {
            CheckAll();
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => _queue.WorkAsync(key => CheckAsync(key, cancel), cancel)));
        }
        finally
        {
            cluster.AnalysisRuns.Changed -= OnChange;
        }
    }

    /// <summary>Checks every AnalysisRun.</summary>
    public void CheckAll()
    {
        foreach (var run in cluster.AnalysisRuns.List())
        {
            _queue.Add(KeyOf(run));
        }
    }

    private async Task CheckAsync(AnalysisRunKey key, CancellationToken cancel)
    {
        try
        {
            var id = WorkflowIds.AnalysisRun(key.Name, key.Uid);
            var run = cluster.AnalysisRuns.Get(key.Namespace, key.Name);
            if (run is null || run.Metadata.Uid != key.Uid)
            {
                await starter.WakeAsync(id, cancel);
                starter.Forget(id);
                await jobs.DeleteAsync(new MetricOwner(key.Namespace, key.Name, key.Uid), cancel);
            }
            else if (AnalysisWork.Exists(run.Spec ?? new AnalysisRunSpec(), run.Status))
            {
                var started = await starter.EnsureAsync(id, AnalysisRunWorkflow.Name, () => new AnalysisRunInput(key, Looks: AnalysisRunInput.LooksPerGeneration), cancel);
                if (!started && run.Spec?.Terminate == true)
                {
                    await starter.WakeAsync(id, cancel);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Turns.OfAnalysisRuns.Errors.WithLabels(key.Namespace, key.Name).Inc();
            Log.CheckFailed(logger, key.Namespace, key.Name, e.Message);
            _queue.AddAfter(key, RetryAfter);
        }
    }

    // Only what can matter to the workflow: a new run, one to be terminated, one that is gone. Its own status updates do not.
    private void OnChange(ResourceChange<AnalysisRun> change)
    {
        if (change.Old is null || change.New is null || change.Old.Spec?.Terminate != change.New.Spec?.Terminate)
        {
            _queue.Add(KeyOf((change.New ?? change.Old)!));
        }
    }

    private static AnalysisRunKey KeyOf(AnalysisRun run) =>
        new() { Namespace = run.Metadata.NamespaceProperty, Name = run.Metadata.Name, Uid = run.Metadata.Uid };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Checking AnalysisRun {Namespace}/{AnalysisRun} failed, trying again: {Problem}")]
        public static partial void CheckFailed(ILogger logger, string @namespace, string analysisRun, string problem);
    }
}
