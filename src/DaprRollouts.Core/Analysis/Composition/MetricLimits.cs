using System.Globalization;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>The numbers of a metric, with their defaults.</summary>
public sealed record MetricLimits
{
    private const int DefaultConsecutiveErrors = 4;

    // Stored times are whole seconds, and a run that measures without a pause would leave nothing for others.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <summary>Failures tolerated; -1 for any number.</summary>
    public required int Failure { get; init; }

    public required int Inconclusive { get; init; }

    public required int ConsecutiveError { get; init; }

    /// <summary>Successes in a row that end the metric; 0 if nothing but the count does.</summary>
    public required int ConsecutiveSuccess { get; init; }

    /// <summary>Measurements that end the metric, errors not counted; null if it runs until it is ended.</summary>
    public required int? Count { get; init; }

    public TimeSpan? Interval { get; init; }

    public TimeSpan? InitialDelay { get; init; }

    public static MetricLimits Of(Metric metric) => new()
    {
        Failure = Number(metric.FailureLimit),
        Inconclusive = Number(metric.InconclusiveLimit),
        ConsecutiveError = metric.ConsecutiveErrorLimit is null ? DefaultConsecutiveErrors : Number(metric.ConsecutiveErrorLimit),
        ConsecutiveSuccess = Number(metric.ConsecutiveSuccessLimit),
        Count = Number(metric.Count) is not 0 and var count ? count : string.IsNullOrEmpty(metric.Interval) ? 1 : null,
        Interval = !GoDuration.TryParse(metric.Interval, out var interval) ? null : interval > ShortestInterval ? interval : ShortestInterval,
        InitialDelay = GoDuration.TryParse(metric.InitialDelay, out var delay) ? delay : null,
    };

    /// <summary>The number; a text that is not one counts as 0.</summary>
    public static int Number(IntOrString? value) => value is { } given && TryNumber(given, out var number) ? number : 0;

    /// <summary>Whether the value is a number, or a text that is one.</summary>
    public static bool TryNumber(IntOrString value, out int number) =>
        int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
