using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Whether metrics, their placeholders filled, can be measured and judged at all. The first error counts.</summary>
public static class MetricValidation
{
    /// <summary>The first error, or null.</summary>
    public static string? FirstError(IReadOnlyList<Metric>? metrics)
    {
        if (metrics is null or { Count: 0 })
        {
            return "no metrics specified";
        }

        HashSet<string?> names = [];
        for (var i = 0; i < metrics.Count; i++)
        {
            var error = names.Add(metrics[i].Name) ? Error(metrics[i]) : $"duplicate name '{metrics[i].Name}'";
            if (error is not null)
            {
                return $"metrics[{i}]: {error}";
            }
        }

        return null;
    }

    private static string? Error(Metric metric)
    {
        var limits = MetricLimits.Of(metric);
        return NotANumber(metric)
            ?? NegativeLimit(metric, limits)
            ?? UnreachableLimit(metric, limits)
            ?? BadDuration("interval", metric.Interval)
            ?? BadDuration("startDelay", metric.InitialDelay)
            ?? Providers(metric.Provider);
    }

    private static string? NotANumber(Metric metric)
    {
        (string, IntOrString?)[] numbers =
        [
            ("count", metric.Count), ("failureLimit", metric.FailureLimit), ("inconclusiveLimit", metric.InconclusiveLimit),
            ("consecutiveErrorLimit", metric.ConsecutiveErrorLimit), ("consecutiveSuccessLimit", metric.ConsecutiveSuccessLimit),
        ];
        var (name, value) = Array.Find(numbers, n => n.Item2 is { } given && !MetricLimits.TryNumber(given, out _));
        return name is null ? null : $"{name} \"{value}\" is not a whole number";
    }

    private static string? NegativeLimit(Metric metric, MetricLimits limits) => limits switch
    {
        { ConsecutiveSuccess: < 0 } => "consecutiveSuccessLimit must be >= 0",
        { Failure: < -1 } => "failureLimit must be >= 0, or -1 to be disabled",
        { ConsecutiveSuccess: 0, Failure: -1 } => "failureLimit and consecutiveSuccessLimit cannot both be disabled: nothing else could end the metric",
        { Inconclusive: < 0 } => "inconclusiveLimit must be >= 0",
        { ConsecutiveError: < 0 } when metric.ConsecutiveErrorLimit is not null => "consecutiveErrorLimit must be >= 0",
        _ => null,
    };

    private static string? UnreachableLimit(Metric metric, MetricLimits limits)
    {
        var count = MetricLimits.Number(metric.Count);
        return count <= 0 ? null
            : limits.Failure >= 0 && count < limits.Failure + limits.ConsecutiveSuccess ? $"count ({count}) must be >= failureLimit + consecutiveSuccessLimit ({limits.Failure} + {limits.ConsecutiveSuccess}) if both >= 0"
            : limits.Failure == -1 && count < limits.ConsecutiveSuccess ? "count must be >= consecutiveSuccessLimit"
            : count < limits.Inconclusive ? "count must be >= inconclusiveLimit"
            : count > 1 && string.IsNullOrEmpty(metric.Interval) ? "interval must be specified when count > 1"
            : null;
    }

    // The initial delay has been called a start delay in this message from of old.
    private static string? BadDuration(string what, string? value) =>
        string.IsNullOrEmpty(value) || GoDuration.TryParse(value, out _) ? null
        : $"invalid {what} string: \"{value}\" needs a number and a unit (ns, us, ms, s, m or h), such as 30s or 1h30m";

    private static string? Providers(MetricProvider? provider)
    {
        var names = MetricProviders.Of(provider);
        return names.Count switch
        {
            0 => "no provider specified",
            1 => null,
            _ => $"multiple providers specified: {string.Join(", ", names)}",
        };
    }
}
