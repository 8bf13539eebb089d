using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>How analyses and experiments are, under the names of Argo Rollouts.</summary>
internal static class AnalysisGauges
{
    private static readonly string[] Name = ["namespace", "name"];

    private static readonly string[] Phases =
        [AnalysisPhase.Pending, AnalysisPhase.Error, AnalysisPhase.Failed, AnalysisPhase.Successful, AnalysisPhase.Inconclusive, AnalysisPhase.Running];

    /// <summary>Writes them.</summary>
    public static void Write(Exposition metrics, ClusterCache cluster)
    {
        WriteRuns(metrics, cluster.AnalysisRuns.List());
        WriteTemplates(
            metrics,
            [
                .. cluster.AnalysisTemplates.List().Select(t => ((IKubernetesObject<V1ObjectMeta>)t, t.Spec?.Metrics)),
                .. cluster.ClusterAnalysisTemplates.List().Select(t => ((IKubernetesObject<V1ObjectMeta>)t, t.Spec?.Metrics)),
            ]);
        WritePhases(metrics, "experiment", "an experiment", [.. cluster.Experiments.List().Select(e => (Labels(e), e.Status?.Phase))]);
    }

    /// <summary>Writes those of AnalysisRuns.</summary>
    public static void WriteRuns(Exposition metrics, IReadOnlyCollection<AnalysisRun> runs)
    {
        WritePhases(metrics, "analysis_run", "an analysis run", [.. runs.Select(r => (Labels(r), r.Status?.Phase))]);
        metrics.Gauge(
            "analysis_run_metric_type", "The provider of an analysis run's metric.", [.. Name, "metric", "type"],
            runs.SelectMany(run => (run.Spec?.Metrics ?? []).Select(m => (1.0, Labels(run, m.Name ?? "", TypeOf(m))))));
        metrics.Gauge(
            "analysis_run_metric_phase", "The phase of an analysis run's metric, 1 for the one it is in.", [.. Name, "metric", "type", "dry_run", "phase"],
            from run in runs
            from metric in run.Spec?.Metrics ?? []
            let result = run.Status?.MetricResults?.FirstOrDefault(r => r.Name == metric.Name)
            from phase in Phases
            select (Is(result?.Phase, phase), Labels(run, metric.Name ?? "", TypeOf(metric), IsDry(run, metric, result) ? "true" : "false", phase)));
    }

    private static void WriteTemplates(Exposition metrics, List<(IKubernetesObject<V1ObjectMeta> Template, IReadOnlyList<Metric>? Metrics)> templates)
    {
        metrics.Gauge("analysis_template_info", "Information about an analysis template.", Name, templates.Select(t => (1.0, Labels(t.Template))));
        metrics.Gauge(
            "analysis_template_metric_info", "Information about a metric of an analysis template.", [.. Name, "type", "metric"],
            templates.SelectMany(t => (t.Metrics ?? []).Select(m => (1.0, Labels(t.Template, TypeOf(m), m.Name ?? "")))));
    }

    private static void WritePhases(Exposition metrics, string family, string what, List<(string[] Labels, string? Phase)> rows)
    {
        metrics.Gauge($"{family}_info", $"Information about {what}.", [.. Name, "phase"], rows.Select(r => (1.0, (string[])[.. r.Labels, r.Phase ?? ""])));
        metrics.Gauge(
            $"{family}_phase", $"The phase of {what}, 1 for the one it is in.", [.. Name, "phase"],
            rows.SelectMany(r => Phases.Select(phase => (Is(r.Phase, phase), (string[])[.. r.Labels, phase]))));
    }

    // What has not been looked at yet is pending.
    private static double Is(string? phase, string asked) => (string.IsNullOrEmpty(phase) ? AnalysisPhase.Pending : phase) == asked ? 1 : 0;

    private static bool IsDry(AnalysisRun run, Metric metric, MetricResult? result) =>
        result?.DryRun ?? (run.Spec?.DryRun ?? []).Any(d => Re2.TryCompile(d.MetricName ?? "", out var pattern, out _) && pattern.IsMatch(metric.Name ?? ""));

    private static string[] Labels(IKubernetesObject<V1ObjectMeta> about, params string[] more) => [about.Metadata.NamespaceProperty ?? "", about.Metadata.Name, .. more];

    private static string TypeOf(Metric metric) => metric.Provider switch
    {
        { Prometheus: not null } => "Prometheus",
        { Job: not null } => "Job",
        { Kayenta: not null } => "Kayenta",
        { Web: not null } => "Web",
        { Datadog: not null } => "Datadog",
        { Wavefront: not null } => "Wavefront",
        { NewRelic: not null } => "NewRelic",
        { CloudWatch: not null } => "CloudWatch",
        { Graphite: not null } => "Graphite",
        { Influxdb: not null } => "Influxdb",
        { Skywalking: not null } => "skywalking",
        { Plugin: { Count: > 0 } } => "RPCPlugin",
        _ => "Unknown Provider",
    };
}
