using DaprRollouts.Core.Analysis.Judging;

namespace DaprRollouts.Workflows.Contracts;

/// <summary>The activity of an AnalysisRun. Name and payloads are kept in histories: they never change.</summary>
public static class AnalysisRunActivities
{
    /// <summary>Takes all measurements that are due, judges, and publishes. Input: <see cref="AnalysisRound"/>; result: <see cref="AnalysisReport"/>.</summary>
    public const string Measure = "Measure";
}

/// <summary>The AnalysisRun that a workflow is in charge of.</summary>
public sealed record AnalysisRunKey
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }
}

/// <summary>The input of <see cref="AnalysisRunWorkflow"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Memory">What was known when the workflow last continued as new.</param>
/// <param name="Looks">After how many looks it continues as new; histories that do not say it were begun with 20.</param>
public sealed record AnalysisRunInput(AnalysisRunKey Run, AnalysisMemory? Memory = null, int Looks = 20)
{
    /// <summary>For runs that begin now. A look leaves about 2 KB of history, and every turn goes through all of it.</summary>
    public const int LooksPerGeneration = 5;
}

/// <summary>One look at a run.</summary>
public sealed record AnalysisRound(AnalysisRunKey Run, AnalysisMemory Memory);

/// <summary>What a look at a run came to.</summary>
/// <param name="IsOver">Whether nothing is left to do.</param>
/// <param name="NextAt">When to look again; null to wait for a change.</param>
/// <param name="WaitsFor">What is awaited, in one line.</param>
/// <param name="Memory">What is known now.</param>
public sealed record AnalysisReport(bool IsOver, DateTimeOffset? NextAt, string WaitsFor, AnalysisMemory Memory);

/// <summary>
/// What a workflow knows of its run beyond what the object says: no later look may rest on less, so that no measurement is taken twice or lost.
/// </summary>
public sealed record AnalysisMemory
{
    /// <summary>The resource version of the newest write.</summary>
    public long Floor { get; init; }

    /// <summary>When the next measurements are due, to the tick.</summary>
    public Beat Beat { get; init; } = Beat.None;

    /// <summary>Measurements that the object does not have yet, in the order taken.</summary>
    public IReadOnlyList<TakenMeasurement> Unwritten { get; init; } = [];

    /// <summary>When the first of them was taken.</summary>
    public DateTimeOffset? UnwrittenSince { get; init; }
}
