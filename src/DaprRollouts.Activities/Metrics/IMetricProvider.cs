using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>A source of measurements.</summary>
public interface IMetricProvider
{
    /// <summary>The name of its settings in a metric.</summary>
    string Name { get; }

    /// <summary>Starts a measurement, or looks again at one that is under way, or ends it.</summary>
    /// <returns>The measurement: ended, or still running.</returns>
    /// <exception cref="MetricException">It cannot be measured; this becomes a measurement of phase Error.</exception>
    Task<Measurement> MeasureAsync(MetricRequest request, CancellationToken cancel);

    /// <summary>What to say of the metric as a whole, its secrets masked.</summary>
    IReadOnlyDictionary<string, string>? Describe(Metric metric) => null;
}

/// <summary>What a provider is asked for.</summary>
public sealed record MetricRequest
{
    public required MetricOwner Run { get; init; }

    /// <summary>The metric, with its arguments filled in, secrets too.</summary>
    public required Metric Metric { get; init; }

    /// <summary>What Argo has no fields for.</summary>
    public MetricPolicy Policy { get; init; } = MetricPolicy.None;

    public required MeasurementAction Action { get; init; }

    /// <summary>The measurement that is under way, if one is.</summary>
    public Measurement? Running { get; init; }

    /// <summary>What has been measured so far.</summary>
    public MetricResult? Result { get; init; }

    /// <summary>How many measurements are kept.</summary>
    public int Retention { get; init; } = 10;

    public required DateTimeOffset Now { get; init; }
}

/// <summary>The AnalysisRun that a measurement belongs to.</summary>
public sealed record MetricOwner(string Namespace, string Name, string Uid, DateTimeOffset? StartedAt = null);

/// <summary>A measurement that could not be made; the message says why.</summary>
public class MetricException(string message) : Exception(message);

/// <summary>A server that answers well, but has nothing to say.</summary>
public sealed class NoDataException(string message) : MetricException(message);
