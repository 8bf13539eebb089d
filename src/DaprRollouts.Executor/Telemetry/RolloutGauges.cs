using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>How rollouts are, under the names of Argo Rollouts, so that its dashboards and alerts go on working.</summary>
internal static class RolloutGauges
{
    private const string Completed = "Completed";
    private const string Progressing = "Progressing";
    private const string Paused = "Paused";
    private const string Timeout = "Timeout";
    private const string Error = "Error";
    private const string Abort = "Abort";

    private static readonly string[] Name = ["namespace", "name"];
    private static readonly string[] Phases = [Completed, Progressing, Paused, Timeout, Error, Abort];

    /// <summary>Writes them.</summary>
    public static void Write(Exposition metrics, IReadOnlyCollection<Rollout> rollouts)
    {
        metrics.Gauge(
            "rollout_info", "Information about a rollout.", [.. Name, "strategy", "traffic_router", "phase"],
            rollouts.Select(r => (1.0, Labels(r, StrategyOf(r), RouterOf(r), PhaseOf(r)))));
        metrics.Gauge(
            "rollout_info_replicas_available", "Available pods of a rollout.", Name, rollouts.Select(r => ((double)(r.Status?.AvailableReplicas ?? 0), Labels(r))));
        metrics.Gauge(
            "rollout_info_replicas_unavailable", "Pods of a rollout that are not available.", Name,
            rollouts.Select(r => ((double)((r.Status?.Replicas ?? 0) - (r.Status?.AvailableReplicas ?? 0)), Labels(r))));
        metrics.Gauge("rollout_info_replicas_desired", "Desired pods of a rollout.", Name, rollouts.Select(r => ((double)(r.Spec?.Replicas ?? 1), Labels(r))));
        metrics.Gauge(
            "rollout_info_replicas_updated", "Pods of a rollout's newest revision.", Name, rollouts.Select(r => ((double)(r.Status?.UpdatedReplicas ?? 0), Labels(r))));
        metrics.Gauge(
            "rollout_phase", "The phase of a rollout, 1 for the one it is in (deprecated: use rollout_info).", [.. Name, "strategy", "phase"],
            rollouts.SelectMany(r => Phases.Select(phase => (PhaseOf(r) == phase ? 1.0 : 0, Labels(r, StrategyOf(r), phase)))));
    }

    private static string[] Labels(Rollout rollout, params string[] more) => [rollout.Metadata.NamespaceProperty, rollout.Metadata.Name, .. more];

    private static string StrategyOf(Rollout rollout) => rollout.Spec?.Strategy switch { { Canary: not null } => "canary", { BlueGreen: not null } => "blueGreen", _ => "none" };

    // In Argo's words, by the reason of the Progressing condition.
    private static string PhaseOf(Rollout rollout)
    {
        var conditions = rollout.Status?.Conditions ?? [];
        return conditions.Any(c => c.Type == ConditionType.InvalidSpec)
            ? ConditionType.InvalidSpec
            : conditions.FirstOrDefault(c => c.Type == ConditionType.Progressing)?.Reason switch
            {
                Reason.NewReplicaSetAvailable => Completed,
                Reason.RolloutPaused => Paused,
                Reason.ReplicaSetCreateError => Error,
                Reason.ProgressDeadlineExceeded => Timeout,
                Reason.RolloutAborted => Abort,
                _ => Progressing,
            };
    }

    // Of several, the last in Argo's order counts.
    private static string RouterOf(Rollout rollout) => rollout.Spec?.Strategy?.Canary?.TrafficRouting switch
    {
        { AppMesh: not null } => "AppMesh",
        { Smi: not null } => "SMI",
        { Nginx: not null } => "Nginx",
        { Istio: not null } => "Istio",
        { Ambassador: not null } => "Ambassador",
        { Alb: not null } => "ALB",
        _ => "",
    };
}
