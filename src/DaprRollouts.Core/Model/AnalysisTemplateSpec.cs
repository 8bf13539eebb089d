namespace DaprRollouts.Core.Model;

/// <summary>What an AnalysisTemplate or a ClusterAnalysisTemplate says: metrics, and the arguments that they take.</summary>
public sealed record AnalysisTemplateSpec
{
    public IReadOnlyList<AnalysisArgument>? Args { get; init; }

    public IReadOnlyList<DryRun>? DryRun { get; init; }

    public IReadOnlyList<MeasurementRetention>? MeasurementRetention { get; init; }

    public IReadOnlyList<Metric>? Metrics { get; init; }

    /// <summary>Further templates whose metrics belong to this one.</summary>
    public IReadOnlyList<AnalysisTemplateRef>? Templates { get; init; }
}

/// <summary>An argument of a template or a run. An absent value differs from an empty one.</summary>
public sealed record AnalysisArgument
{
    [RequiredField]
    public string? Name { get; init; }

    public string? Value { get; init; }

    public AnalysisArgumentSource? ValueFrom { get; init; }
}

/// <summary>Where the value of a template's argument comes from.</summary>
public sealed record AnalysisArgumentSource
{
    public FieldRef? FieldRef { get; init; }

    public SecretKeyRef? SecretKeyRef { get; init; }
}

/// <summary>A key of a Secret.</summary>
public sealed record SecretKeyRef
{
    [RequiredField]
    public string? Key { get; init; }

    [RequiredField]
    public string? Name { get; init; }
}
