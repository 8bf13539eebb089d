using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Activities;

/// <summary>Kubernetes objects as decisions see them.</summary>
public static class Views
{
    private static readonly Dictionary<string, string> None = [];

    public static RolloutView Of(Rollout rollout) => new()
    {
        Namespace = rollout.Metadata.NamespaceProperty,
        Name = rollout.Metadata.Name,
        Uid = rollout.Metadata.Uid,
        Created = Instant(rollout.Metadata.CreationTimestamp),
        Generation = rollout.Metadata.Generation ?? 0,
        Annotations = Text(rollout.Metadata.Annotations),
        Labels = Text(rollout.Metadata.Labels),
        Spec = rollout.Spec ?? new RolloutSpec(),
        Status = rollout.Status ?? new RolloutStatus(),
        Unreadable = rollout.Unreadable,
    };

    public static ReplicaSetView Of(ReplicaSet rs) => new()
    {
        Name = rs.Metadata.Name,
        Hash = Text(rs.Metadata.Labels).GetValueOrDefault(ArgoNames.PodTemplateHash, ""),
        Created = Instant(rs.Metadata.CreationTimestamp),
        Annotations = Text(rs.Metadata.Annotations),
        Size = rs.Spec?.Replicas ?? 1,
        Pods = rs.Status?.Replicas ?? 0,
        Ready = Math.Min(rs.Status?.ReadyReplicas ?? 0, rs.Spec?.Replicas ?? 1), // what is beyond its size is about to go
        Available = Math.Min(rs.Status?.AvailableReplicas ?? 0, rs.Spec?.Replicas ?? 1),
        MinReadySeconds = rs.Spec?.MinReadySeconds ?? 0,
        Observed = (rs.Status?.ObservedGeneration ?? 0) >= (rs.Metadata.Generation ?? 0),
        Template = rs.Spec?.Template,
        Failure = rs.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionType.ReplicaFailure && c.Status == "True") is { } failure
            ? new RolloutCondition { Type = failure.Type, Status = failure.Status, Reason = failure.Reason ?? "", Message = failure.Message ?? "" }
            : null,
    };

    public static ServiceView Of(V1Service service) => new()
    {
        Name = service.Metadata.Name,
        Selector = Text(service.Spec?.Selector),
        ManagedBy = Text(service.Metadata.Annotations).GetValueOrDefault(ArgoNames.ManagedByRollouts),
    };

    public static AnalysisRunView Of(AnalysisRun run) => new()
    {
        Name = run.Metadata.Name,
        Created = Instant(run.Metadata.CreationTimestamp),
        Phase = run.Status?.Phase,
        Message = run.Status?.Message,
        Terminating = run.Spec?.Terminate == true,
        Annotations = Text(run.Metadata.Annotations),
        Labels = Text(run.Metadata.Labels),
        Results = run.Status?.MetricResults ?? [],
        Progress = ProgressOf(run),
    };

    private static string ProgressOf(AnalysisRun run) => string.Join(
        ", ",
        (run.Spec?.Metrics ?? []).Select(metric =>
        {
            var taken = run.Status?.MetricResults?.FirstOrDefault(r => r.Name == metric.Name)?.Count ?? 0;
            return metric.Count is { } count ? $"{metric.Name}: {taken} of {count} measurements" : $"{metric.Name}: {taken} measurements";
        }));

    private static DateTimeOffset Instant(DateTime? time) =>
        time is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : DateTimeOffset.MinValue;

    private static IReadOnlyDictionary<string, string> Text(IDictionary<string, string>? texts) =>
        texts switch
        {
            null => None,
            IReadOnlyDictionary<string, string> readable => readable,
            _ => new Dictionary<string, string>(texts),
        };
}
