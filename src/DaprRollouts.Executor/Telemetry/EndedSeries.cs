using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Models;
using Prometheus;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>Removes what was counted for an object some time after it was deleted: late enough that the last values have been scraped, and before they pile up.</summary>
internal sealed class EndedSeries(ClusterCache cluster, TimeProvider time) : IHostedService
{
    /// <summary>How long they stay.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(65);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Rollouts.Changed += OnRollout;
        cluster.AnalysisRuns.Changed += OnAnalysisRun;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        cluster.Rollouts.Changed -= OnRollout;
        cluster.AnalysisRuns.Changed -= OnAnalysisRun;
        return Task.CompletedTask;
    }

    private void OnRollout(ResourceChange<Kubernetes.Resources.Rollout> change) => OnEnd(cluster.Rollouts, change, (ns, name) =>
    {
        Remove(Turns.OfRollouts.Seconds, ns, name);
        Remove(Turns.OfRollouts.Errors, ns, name);
        Remove(ExecutorMetrics.Events, ns, name);
        Remove(ExecutorMetrics.ApiRequests, ns, name, first: 1);
    });

    private void OnAnalysisRun(ResourceChange<Kubernetes.Resources.AnalysisRun> change) => OnEnd(cluster.AnalysisRuns, change, (ns, name) =>
    {
        Remove(Turns.OfAnalysisRuns.Seconds, ns, name);
        Remove(Turns.OfAnalysisRuns.Errors, ns, name);
    });

    private void OnEnd<T>(ResourceCache<T> cache, ResourceChange<T> change, Action<string, string> remove)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (change.New is not null || change.Old is not { } gone)
        {
            return;
        }

        var (ns, name) = (gone.Metadata.NamespaceProperty, gone.Metadata.Name);
        System.Threading.ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                if (cache.Get(ns, name) is null)
                {
                    remove(ns, name);
                }

                timer?.Dispose();
            },
            null,
            Grace,
            Timeout.InfiniteTimeSpan);
    }

    private static void Remove<T>(Collector<T> family, string ns, string name, int first = 0)
        where T : ChildBase
    {
        foreach (var labels in family.GetAllLabelValues().Where(l => l[first] == ns && l[first + 1] == name).ToList())
        {
            family.RemoveLabelled(labels);
        }
    }
}
