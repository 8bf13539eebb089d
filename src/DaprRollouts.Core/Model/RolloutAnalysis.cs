namespace DaprRollouts.Core.Model;

/// <summary>An analysis that a Rollout runs: templates and what they are given.</summary>
public record RolloutAnalysis
{
    public AnalysisRunMetadata? AnalysisRunMetadata { get; init; }

    public IReadOnlyList<AnalysisRunArgument>? Args { get; init; }

    public IReadOnlyList<DryRun>? DryRun { get; init; }

    public IReadOnlyList<MeasurementRetention>? MeasurementRetention { get; init; }

    public IReadOnlyList<AnalysisTemplateRef>? Templates { get; init; }
}

/// <summary>An analysis that runs beside the steps of a canary.</summary>
public sealed record BackgroundAnalysis : RolloutAnalysis
{
    /// <summary>The index of the step at which it starts; 0 if absent.</summary>
    public int? StartingStep { get; init; }
}

/// <summary>Labels and annotations for the AnalysisRuns made.</summary>
public sealed record AnalysisRunMetadata
{
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>A reference to an AnalysisTemplate, or to a ClusterAnalysisTemplate with <see cref="ClusterScope"/>.</summary>
public sealed record AnalysisTemplateRef
{
    public bool? ClusterScope { get; init; }

    public string? TemplateName { get; init; }
}

/// <summary>An argument that a Rollout gives to its analysis.</summary>
public sealed record AnalysisRunArgument
{
    [RequiredField]
    public string? Name { get; init; }

    public string? Value { get; init; }

    public ArgumentValueFrom? ValueFrom { get; init; }
}

/// <summary>Where a Rollout's argument comes from.</summary>
public sealed record ArgumentValueFrom
{
    public FieldRef? FieldRef { get; init; }

    /// <summary>Stable or Latest.</summary>
    public string? PodTemplateHashValue { get; init; }
}

/// <summary>A path to a field of the object itself.</summary>
public sealed record FieldRef
{
    [RequiredField]
    public string? FieldPath { get; init; }
}

/// <summary>Metrics, by a regular expression on their names, whose verdict does not count.</summary>
public sealed record DryRun
{
    [RequiredField]
    public string? MetricName { get; init; }
}

/// <summary>How many measurements to keep of the metrics whose names match.</summary>
public sealed record MeasurementRetention
{
    [RequiredField]
    public int? Limit { get; init; }

    [RequiredField]
    public string? MetricName { get; init; }
}
