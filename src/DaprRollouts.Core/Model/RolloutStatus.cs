using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DaprRollouts.Core.Model;

/// <summary>Where a Rollout is. Users write to it too: abort, promoteFull, cleared pause conditions and the step index are signals.</summary>
public sealed record RolloutStatus
{
    [JsonPropertyName("HPAReplicas")]
    public int? HpaReplicas { get; init; }

    public bool? Abort { get; init; }

    public DateTimeOffset? AbortedAt { get; init; }

    public AlbStatus? Alb { get; init; }

    public IReadOnlyList<AlbStatus>? Albs { get; init; }

    public int? AvailableReplicas { get; init; }

    public BlueGreenStatus? BlueGreen { get; init; }

    public CanaryStatus? Canary { get; init; }

    public int? CollisionCount { get; init; }

    public IReadOnlyList<RolloutCondition>? Conditions { get; init; }

    public bool? ControllerPause { get; init; }

    public string? CurrentPodHash { get; init; }

    public string? CurrentStepHash { get; init; }

    /// <summary>The step to do next, from 0; the number of steps when all are done.</summary>
    public int? CurrentStepIndex { get; init; }

    public RolloutDuration? Duration { get; init; }

    public string? Message { get; init; }

    public string? ObservedGeneration { get; init; }

    public IReadOnlyList<PauseCondition>? PauseConditions { get; init; }

    /// <summary>Healthy, Progressing, Paused or Degraded.</summary>
    public string? Phase { get; init; }

    public bool? PromoteFull { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? Replicas { get; init; }

    public DateTimeOffset? RestartedAt { get; init; }

    public string? Selector { get; init; }

    /// <summary>The pod template hash of the stable ReplicaSet.</summary>
    [JsonPropertyName("stableRS")]
    public string? StableRs { get; init; }

    public int? UpdatedReplicas { get; init; }

    public string? WorkloadObservedGeneration { get; init; }
}

/// <summary>A condition of a Rollout.</summary>
public sealed record RolloutCondition
{
    [RequiredField]
    public DateTimeOffset? LastTransitionTime { get; init; }

    [RequiredField]
    public DateTimeOffset? LastUpdateTime { get; init; }

    [RequiredField]
    public string Message { get; init; } = "";

    [RequiredField]
    public string Reason { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    [RequiredField]
    public string Status { get; init; } = "";

    [RequiredField]
    public string Type { get; init; } = "";
}

/// <summary>Why and since when a Rollout is paused.</summary>
public sealed record PauseCondition
{
    [RequiredField]
    public string Reason { get; init; } = "";

    [RequiredField]
    public DateTimeOffset? StartTime { get; init; }
}

/// <summary>The part of the status that only canaries have.</summary>
public sealed record CanaryStatus
{
    public RolloutAnalysisRunStatus? CurrentBackgroundAnalysisRunStatus { get; init; }

    public string? CurrentExperiment { get; init; }

    public RolloutAnalysisRunStatus? CurrentStepAnalysisRunStatus { get; init; }

    /// <summary>ping, pong, or nothing.</summary>
    public string? StablePingPong { get; init; }

    public IReadOnlyList<StepPluginStatus>? StepPluginStatuses { get; init; }

    public TrafficWeights? Weights { get; init; }
}

/// <summary>The part of the status that only blue-green Rollouts have.</summary>
public sealed record BlueGreenStatus
{
    public string? ActiveSelector { get; init; }

    public RolloutAnalysisRunStatus? PostPromotionAnalysisRunStatus { get; init; }

    public RolloutAnalysisRunStatus? PrePromotionAnalysisRunStatus { get; init; }

    public string? PreviewSelector { get; init; }

    public bool? ScaleUpPreviewCheckPoint { get; init; }
}

/// <summary>An AnalysisRun as its Rollout sees it.</summary>
public sealed record RolloutAnalysisRunStatus
{
    public string? Message { get; init; }

    [RequiredField]
    public string Name { get; init; } = "";

    [RequiredField]
    public string Status { get; init; } = "";
}

/// <summary>The weights last handed to the traffic router.</summary>
public sealed record TrafficWeights
{
    public IReadOnlyList<WeightDestination>? Additional { get; init; }

    [RequiredField]
    public WeightDestination Canary { get; init; } = new();

    [RequiredField]
    public WeightDestination Stable { get; init; } = new();

    public bool? Verified { get; init; }
}

/// <summary>A destination and its weight.</summary>
public sealed record WeightDestination
{
    public string? PodTemplateHash { get; init; }

    public string? ServiceName { get; init; }

    [RequiredField]
    public int Weight { get; init; }
}

/// <summary>A run of a step plugin.</summary>
public sealed record StepPluginStatus
{
    public string? Backoff { get; init; }

    public bool? Disabled { get; init; }

    public int? Executions { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    [RequiredField]
    public int Index { get; init; }

    public string? Message { get; init; }

    [RequiredField]
    public string Name { get; init; } = "";

    [RequiredField]
    public string? Operation { get; init; }

    public string? Phase { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public JsonObject? Status { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>What an AWS load balancer is known to have.</summary>
public sealed record AlbStatus
{
    public AwsResourceRef? CanaryTargetGroup { get; init; }

    public string? Ingress { get; init; }

    public AwsResourceRef? LoadBalancer { get; init; }

    public AwsResourceRef? StableTargetGroup { get; init; }
}

/// <summary>An AWS resource.</summary>
public sealed record AwsResourceRef
{
    [RequiredField]
    public string Arn { get; init; } = "";

    public string? FullName { get; init; }

    [RequiredField]
    public string Name { get; init; } = "";
}

/// <summary>How long an update took and how it ended.</summary>
public sealed record RolloutDuration
{
    /// <summary>Promoted, FastPromoted, Aborted, Superseded, RolledBack or FastRolledBack.</summary>
    public string? CompletionStatus { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? ManualPauseStartedAt { get; init; }

    public DateTimeOffset? RolloutStartedAt { get; init; }

    public long? TotalManualPauseDurationSeconds { get; init; }
}
