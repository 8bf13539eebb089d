using DaprRollouts.Core.Analysis.Comparison;

namespace DaprRollouts.Core.Analysis.Policies;

/// <summary>What is to be done about a metric that Argo has no fields for.</summary>
public sealed record MetricPolicy
{
    /// <summary>As Argo does it.</summary>
    public static MetricPolicy None { get; } = new();

    /// <summary>The phase of a measurement without data; null if the conditions decide, whatever they make of it.</summary>
    public string? OnNoData { get; init; }

    /// <summary>Measurements with data that a metric must have to succeed.</summary>
    public int MinSamples { get; init; }

    /// <summary>How canary and baseline are compared; null if they are not.</summary>
    public ComparisonPolicy? Compare { get; init; }

    /// <summary>The phase of a metric that would succeed if it had enough samples: without data there is no success.</summary>
    public string OnShortage => OnNoData is null or Model.AnalysisPhase.Successful ? Model.AnalysisPhase.Inconclusive : OnNoData;
}
