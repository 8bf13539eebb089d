using System.Text.Json.Serialization;

namespace DaprRollouts.Core.Model;

/// <summary>What an analysis has measured and how it ended.</summary>
public sealed record AnalysisRunStatus
{
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The summary of the metrics whose verdict does not count.</summary>
    public AnalysisRunSummary? DryRunSummary { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<MetricResult>? MetricResults { get; init; }

    /// <summary>One of <see cref="AnalysisPhase"/>; empty before the first look.</summary>
    [RequiredField]
    public string Phase { get; init; } = "";

    public AnalysisRunSummary? RunSummary { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>How many metrics there are, and how they ended.</summary>
public sealed record AnalysisRunSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Failed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Inconclusive { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Successful { get; init; }
}

/// <summary>What came of one metric. The counters run over its whole life, also when old measurements are dropped.</summary>
public sealed record MetricResult
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ConsecutiveError { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ConsecutiveSuccess { get; init; }

    /// <summary>Measurements that were not errors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Failed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Inconclusive { get; init; }

    /// <summary>The newest measurements, newest last.</summary>
    public IReadOnlyList<Measurement>? Measurements { get; init; }

    public string? Message { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [RequiredField]
    public string Name { get; init; } = "";

    [RequiredField]
    public string Phase { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Successful { get; init; }

    /// <summary>The newest measurement.</summary>
    [JsonIgnore]
    public Measurement? Last => Measurements is { Count: > 0 } all ? all[^1] : null;

    /// <summary>Measurements that have ended, errors included.</summary>
    [JsonIgnore]
    public int Ended => Count + Error;
}

/// <summary>One measurement of a metric.</summary>
public sealed record Measurement
{
    public DateTimeOffset? FinishedAt { get; init; }

    public string? Message { get; init; }

    /// <summary>What the provider has to say beside the value, such as the name of a job.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [RequiredField]
    public string Phase { get; init; } = "";

    /// <summary>When a measurement that is under way should be looked at again.</summary>
    public DateTimeOffset? ResumeAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public string? Value { get; init; }
}
