namespace DaprRollouts.Core.Analysis.Explaining;

/// <summary>Why a run is as it is.</summary>
public sealed record RunExplanation
{
    public required string Phase { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it ended, or what it still waits for.</summary>
    public required string Why { get; init; }

    /// <summary>The phase that the stored measurements give when they are judged again; null if the run cannot be judged.</summary>
    public string? JudgedAgain { get; init; }

    public IReadOnlyList<MetricExplanation> Metrics { get; init; } = [];
}

/// <summary>Why a metric is as it is.</summary>
public sealed record MetricExplanation
{
    public required string Name { get; init; }

    public required string Provider { get; init; }

    public required string Phase { get; init; }

    public string? SuccessCondition { get; init; }

    public string? FailureCondition { get; init; }

    /// <summary>What applies beside the conditions: dry run, policies.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Counts against limits.</summary>
    public IReadOnlyList<string> Counts { get; init; } = [];

    /// <summary>Why it ended, or what it waits for.</summary>
    public required string Why { get; init; }

    /// <summary>How many measurements are no longer kept.</summary>
    public int Dropped { get; init; }

    public IReadOnlyList<MeasurementExplanation> Measurements { get; init; } = [];
}

/// <summary>Why a measurement has its phase.</summary>
/// <param name="Number">The how-manieth of its metric it is, from 1.</param>
/// <param name="At">When it ended; else when it began.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Phase">What came of it.</param>
/// <param name="Reasons">The conditions as they were evaluated, and what it says itself.</param>
public sealed record MeasurementExplanation(int Number, DateTimeOffset? At, string? Value, string Phase, IReadOnlyList<string> Reasons);
