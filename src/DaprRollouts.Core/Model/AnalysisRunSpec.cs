namespace DaprRollouts.Core.Model;

/// <summary>One execution of an analysis: metrics from one or more templates, and the final arguments.</summary>
public sealed record AnalysisRunSpec
{
    public IReadOnlyList<AnalysisArgument>? Args { get; init; }

    public IReadOnlyList<DryRun>? DryRun { get; init; }

    public IReadOnlyList<MeasurementRetention>? MeasurementRetention { get; init; }

    [RequiredField]
    public IReadOnlyList<Metric>? Metrics { get; init; }

    /// <summary>Asks the run to end early.</summary>
    public bool? Terminate { get; init; }

    public TtlStrategy? TtlStrategy { get; init; }
}

/// <summary>How long a finished run is kept; without a number, for ever.</summary>
public sealed record TtlStrategy
{
    public int? SecondsAfterCompletion { get; init; }

    public int? SecondsAfterFailure { get; init; }

    public int? SecondsAfterSuccess { get; init; }
}
