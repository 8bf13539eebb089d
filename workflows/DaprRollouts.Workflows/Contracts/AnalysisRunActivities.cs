namespace DaprRollouts.Workflows.Contracts;

/// <summary>The AnalysisRun that a workflow drives.</summary>
public sealed record AnalysisRunKey
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>The resource version that this workflow's activities wrote last: no measurement may be decided on an older object.</summary>
    public long Floor { get; init; }
}

/// <summary>The activities of an AnalysisRun.</summary>
public static class AnalysisRunActivities
{
    /// <summary>
    /// Takes all measurements that are due, judges, and writes the result. Input: <see cref="AnalysisRunKey"/>; answer: <see cref="MeasureReport"/>.
    /// </summary>
    public const string Measure = "Measure";
}

/// <summary>What a round of measurements came to.</summary>
/// <param name="Finished">Why nothing more is to be done; null if there is more.</param>
/// <param name="Next">When the next measurement is due; null if only a change can bring one.</param>
/// <param name="Floor">The resource version written last.</param>
public sealed record MeasureReport(string? Finished, DateTimeOffset? Next, long Floor);
