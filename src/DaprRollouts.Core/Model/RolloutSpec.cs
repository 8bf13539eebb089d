using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>What a Rollout asks for. Fields and defaults are those of Argo Rollouts.</summary>
public sealed record RolloutSpec
{
    public RolloutAnalysisLimits? Analysis { get; init; }

    /// <summary>Seconds a new pod must be ready before it counts as available.</summary>
    public int? MinReadySeconds { get; init; }

    public bool? Paused { get; init; }

    public bool? ProgressDeadlineAbort { get; init; }

    /// <summary>Seconds without progress after which a rollout counts as stuck; 600 if absent.</summary>
    public int? ProgressDeadlineSeconds { get; init; }

    /// <summary>Desired pods; 1 if absent.</summary>
    public int? Replicas { get; init; }

    public DateTimeOffset? RestartAt { get; init; }

    /// <summary>Old ReplicaSets to keep; 10 if absent.</summary>
    public int? RevisionHistoryLimit { get; init; }

    public RollbackWindow? RollbackWindow { get; init; }

    public LabelSelector? Selector { get; init; }

    public RolloutStrategy? Strategy { get; init; }

    [KubernetesType("io.k8s.api.core.v1.PodTemplateSpec")]
    public JsonObject? Template { get; init; }

    public WorkloadRef? WorkloadRef { get; init; }
}

/// <summary>How many finished AnalysisRuns are kept; 5 of each if absent.</summary>
public sealed record RolloutAnalysisLimits
{
    public int? SuccessfulRunHistoryLimit { get; init; }

    public int? UnsuccessfulRunHistoryLimit { get; init; }
}

/// <summary>How many revisions back a rollback skips analysis, pauses and steps.</summary>
public sealed record RollbackWindow
{
    public int? Revisions { get; init; }
}

/// <summary>A Kubernetes label selector.</summary>
public sealed record LabelSelector
{
    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }

    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
}

/// <summary>One expression of a label selector.</summary>
public sealed record LabelSelectorRequirement
{
    [RequiredField]
    public string? Key { get; init; }

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    [RequiredField]
    public string? Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init; }
}

/// <summary>The workload whose pod template a Rollout uses in place of one of its own.</summary>
public sealed record WorkloadRef
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    /// <summary>never, onsuccess or progressively.</summary>
    public string? ScaleDown { get; init; }
}

/// <summary>Labels and annotations to put on pods for as long as they play a role.</summary>
public sealed record PodMetadata
{
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>Exactly one strategy.</summary>
public sealed record RolloutStrategy
{
    public BlueGreenStrategy? BlueGreen { get; init; }

    public CanaryStrategy? Canary { get; init; }
}

/// <summary>The blue-green strategy.</summary>
public sealed record BlueGreenStrategy
{
    public int? AbortScaleDownDelaySeconds { get; init; }

    public PodMetadata? ActiveMetadata { get; init; }

    [RequiredField]
    public string? ActiveService { get; init; }

    public AntiAffinity? AntiAffinity { get; init; }

    public bool? AutoPromotionEnabled { get; init; }

    public int? AutoPromotionSeconds { get; init; }

    public IntOrString? MaxUnavailable { get; init; }

    public RolloutAnalysis? PostPromotionAnalysis { get; init; }

    public RolloutAnalysis? PrePromotionAnalysis { get; init; }

    public PodMetadata? PreviewMetadata { get; init; }

    public int? PreviewReplicaCount { get; init; }

    public string? PreviewService { get; init; }

    public int? ScaleDownDelayRevisionLimit { get; init; }

    public int? ScaleDownDelaySeconds { get; init; }
}

/// <summary>The canary strategy.</summary>
public sealed record CanaryStrategy
{
    public int? AbortScaleDownDelaySeconds { get; init; }

    public BackgroundAnalysis? Analysis { get; init; }

    public AntiAffinity? AntiAffinity { get; init; }

    public PodMetadata? CanaryMetadata { get; init; }

    public string? CanaryService { get; init; }

    public bool? DynamicStableScale { get; init; }

    public IntOrString? MaxSurge { get; init; }

    public IntOrString? MaxUnavailable { get; init; }

    public int? MinPodsPerReplicaSet { get; init; }

    public PingPong? PingPong { get; init; }

    public ReplicaProgressThreshold? ReplicaProgressThreshold { get; init; }

    public int? ScaleDownDelayRevisionLimit { get; init; }

    public int? ScaleDownDelaySeconds { get; init; }

    public PodMetadata? StableMetadata { get; init; }

    public string? StableService { get; init; }

    public IReadOnlyList<CanaryStep>? Steps { get; init; }

    public TrafficRouting? TrafficRouting { get; init; }
}

/// <summary>Two Services that take turns at being the stable one.</summary>
public sealed record PingPong
{
    [RequiredField]
    public string? PingService { get; init; }

    [RequiredField]
    public string? PongService { get; init; }
}

/// <summary>How many of a ReplicaSet's pods must be available before a step counts as done.</summary>
public sealed record ReplicaProgressThreshold
{
    /// <summary>Percent or Pods.</summary>
    [RequiredField]
    public string? Type { get; init; }

    [RequiredField]
    public int? Value { get; init; }
}

/// <summary>Keeps pods of different revisions on different nodes; exactly one of the two.</summary>
public sealed record AntiAffinity
{
    public PreferredAntiAffinity? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }

    public RequiredAntiAffinity? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }
}

/// <summary>An anti-affinity that the scheduler weighs, from 1 to 100.</summary>
public sealed record PreferredAntiAffinity
{
    [RequiredField]
    public int? Weight { get; init; }
}

/// <summary>An anti-affinity that the scheduler must keep.</summary>
public sealed record RequiredAntiAffinity;
