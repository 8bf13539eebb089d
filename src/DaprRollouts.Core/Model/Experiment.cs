using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>What an Experiment asks for: sets of pods beside each other for a while, and what is measured meanwhile.</summary>
public sealed record ExperimentSpec
{
    public IReadOnlyList<ExperimentAnalysis>? Analyses { get; init; }

    public AnalysisRunMetadata? AnalysisRunMetadata { get; init; }

    public IReadOnlyList<DryRun>? DryRun { get; init; }

    public string? Duration { get; init; }

    public IReadOnlyList<MeasurementRetention>? MeasurementRetention { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }

    public int? ScaleDownDelaySeconds { get; init; }

    [RequiredField]
    public IReadOnlyList<ExperimentTemplate>? Templates { get; init; }

    public bool? Terminate { get; init; }
}

/// <summary>An analysis of an Experiment.</summary>
public sealed record ExperimentAnalysis
{
    public IReadOnlyList<AnalysisArgument>? Args { get; init; }

    public bool? ClusterScope { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public bool? RequiredForCompletion { get; init; }

    [RequiredField]
    public string? TemplateName { get; init; }
}

/// <summary>A set of pods of an Experiment.</summary>
public sealed record ExperimentTemplate
{
    public int? MinReadySeconds { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public int? Replicas { get; init; }

    [RequiredField]
    public LabelSelector? Selector { get; init; }

    public ExperimentStepService? Service { get; init; }

    [RequiredField]
    [KubernetesType("io.k8s.api.core.v1.PodTemplateSpec")]
    public JsonObject? Template { get; init; }
}

/// <summary>Where an Experiment is.</summary>
public sealed record ExperimentStatus
{
    public IReadOnlyList<ExperimentAnalysisRunStatus>? AnalysisRuns { get; init; }

    public DateTimeOffset? AvailableAt { get; init; }

    public IReadOnlyList<RolloutCondition>? Conditions { get; init; }

    public string? Message { get; init; }

    public string? Phase { get; init; }

    public IReadOnlyList<ExperimentTemplateStatus>? TemplateStatuses { get; init; }
}

/// <summary>An analysis of an Experiment, as the Experiment sees it.</summary>
public sealed record ExperimentAnalysisRunStatus
{
    [RequiredField]
    public string? AnalysisRun { get; init; }

    public string? Message { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    [RequiredField]
    public string? Phase { get; init; }
}

/// <summary>What exists of a set of pods of an Experiment.</summary>
public sealed record ExperimentTemplateStatus
{
    [RequiredField]
    public int? AvailableReplicas { get; init; }

    public int? CollisionCount { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Message { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    public string? PodTemplateHash { get; init; }

    [RequiredField]
    public int? ReadyReplicas { get; init; }

    [RequiredField]
    public int? Replicas { get; init; }

    public string? ServiceName { get; init; }

    public string? Status { get; init; }

    [RequiredField]
    public int? UpdatedReplicas { get; init; }
}
