namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>When the next measurement of each metric is due, to the tick. Its stored times are whole seconds, which is too coarse to keep a rhythm.</summary>
public sealed record Beat
{
    public static Beat None { get; } = new();

    public IReadOnlyDictionary<string, NextBeat> Metrics { get; init; } = new Dictionary<string, NextBeat>();

    /// <summary>When the next one is due, if so many have ended; null if not known.</summary>
    public DateTimeOffset? At(string metric, int ended) =>
        Metrics.TryGetValue(metric, out var next) && next.Ended == ended ? next.At : null;

    /// <summary>The beat with one metric moved on.</summary>
    public Beat With(string metric, NextBeat next) => new() { Metrics = new Dictionary<string, NextBeat>(Metrics) { [metric] = next } };
}

/// <summary>When the measurement after so many ended ones is due.</summary>
public sealed record NextBeat(int Ended, DateTimeOffset At);
