namespace DaprRollouts.Core.Analysis.Comparison;

/// <summary>Ways to compare.</summary>
public enum ComparisonMethod
{
    /// <summary>The rank test of Mann and Whitney, once, when all measurements are there.</summary>
    MannWhitney,

    /// <summary>A mixture of sequential tests, at every measurement.</summary>
    Sequential,
}

/// <summary>How the samples of a canary are compared with those of a baseline.</summary>
public sealed record ComparisonPolicy
{
    public const string FirstValue = "result[0]";
    public const string SecondValue = "result[1]";
    public const double DefaultRate = 0.05;

    public required ComparisonMethod Method { get; init; }

    /// <summary>The expression that finds the canary's samples in a result: a number or a list of numbers.</summary>
    public string Canary { get; init; } = FirstValue;

    /// <summary>The expression that finds the baseline's.</summary>
    public string Baseline { get; init; } = SecondValue;

    /// <summary>Whether higher values are worse, as those of errors and latencies are.</summary>
    public bool HigherIsWorse { get; init; } = true;

    /// <summary>How often a canary that is like its baseline may be found worse.</summary>
    public double FalseAlarmRate { get; init; } = DefaultRate;
}
