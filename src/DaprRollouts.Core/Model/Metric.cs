namespace DaprRollouts.Core.Model;

/// <summary>What to measure, how often, and what the values mean. Every text may hold placeholders such as <c>{{args.name}}</c>.</summary>
public sealed record Metric
{
    /// <summary>Errors in a row that are tolerated; 4 if absent.</summary>
    public IntOrString? ConsecutiveErrorLimit { get; init; }

    /// <summary>Successes in a row that end the metric; 0 switches this off.</summary>
    public IntOrString? ConsecutiveSuccessLimit { get; init; }

    /// <summary>Measurements wanted, errors not counted.</summary>
    public IntOrString? Count { get; init; }

    public string? FailureCondition { get; init; }

    /// <summary>Failures that are tolerated; -1 for any number.</summary>
    public IntOrString? FailureLimit { get; init; }

    public IntOrString? InconclusiveLimit { get; init; }

    /// <summary>The wait after the start of the run before the first measurement.</summary>
    public string? InitialDelay { get; init; }

    /// <summary>The time from the end of a measurement to the start of the next.</summary>
    public string? Interval { get; init; }

    [RequiredField]
    public string? Name { get; init; }

    [RequiredField]
    public MetricProvider? Provider { get; init; }

    public string? SuccessCondition { get; init; }
}
