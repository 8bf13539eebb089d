using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>How the executor itself is.</summary>
internal static class OwnGauges
{
    private static readonly string Version =
        typeof(OwnGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Writes them.</summary>
    public static void Write(Exposition metrics, ClusterCache cluster, LeaderElection election, ExecutorOptions options, EventRecorder events)
    {
        var parts = Version.Split('+');
        metrics.Gauge("argo_rollouts_controller_info", "The version of the controller.", ["version"], [(1, [parts[0]])]);
        metrics.Gauge(
            "build_info", "What runs here.", ["version", "goversion", "goarch", "commit"],
            [(1, [parts[0], RuntimeInformation.FrameworkDescription, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), parts.Length > 1 ? parts[1] : ""])]);
        metrics.Gauge(
            "dapr_rollouts_leader", "1 if this replica turns changes into workflows.", [], [(election.IsLeader || !options.LeaderElect ? 1 : 0, [])]);
        metrics.Gauge("dapr_rollouts_cache_synced", "1 if every first list from the API server is complete.", [], [(cluster.HasSynced ? 1 : 0, [])]);
        metrics.Gauge("dapr_rollouts_cached_objects", "Objects in the caches, by kind.", ["kind"], Counts(cluster));
        metrics.Gauge(
            "dapr_rollouts_kubernetes_events_dropped", "Kubernetes events that were dropped since the start, as too many waited or the API server refused them.", [],
            [(events.Dropped, [])]);
        using var process = Process.GetCurrentProcess();
        metrics.Gauge("process_resident_memory_bytes", "Resident memory.", [], [(process.WorkingSet64, [])]);
        metrics.Gauge("process_open_fds", "Open file descriptors.", [], [(process.HandleCount, [])]);
    }

    private static IEnumerable<(double Value, string[] Labels)> Counts(ClusterCache cluster) =>
    [
        (cluster.Rollouts.List().Count, ["Rollout"]),
        (cluster.ReplicaSets.List().Count, ["ReplicaSet"]),
        (cluster.Services.List().Count, ["Service"]),
        (cluster.AnalysisRuns.List().Count, ["AnalysisRun"]),
        (cluster.AnalysisTemplates.List().Count, ["AnalysisTemplate"]),
        (cluster.ClusterAnalysisTemplates.List().Count, ["ClusterAnalysisTemplate"]),
        (cluster.Experiments.List().Count, ["Experiment"]),
    ];
}
