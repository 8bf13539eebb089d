using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>A source that answers at once, so that its conditions decide.</summary>
public abstract class ImmediateMetrics(TimeProvider time) : IMetricProvider
{
    public abstract string Name { get; }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    public virtual IReadOnlyDictionary<string, string>? Describe(Metric metric) => null;

    public async Task<Measurement> MeasureAsync(MetricRequest request, CancellationToken cancel)
    {
        if (request.Action != MeasurementAction.Run)
        {
            return request.Running!; // nothing is ever under way
        }

        var value = await ValueAsync(request, cancel);
        var (phase, message, seen) = ValueJudgement.Of(request.Metric, request.Policy, value.Result, Time.GetUtcNow());
        return new Measurement
        {
            Phase = phase,
            Message = message,
            StartedAt = request.Now,
            FinishedAt = Time.GetUtcNow(),
            Value = phase == AnalysisPhase.Error && !value.KeepsTextOnError ? null : value.Text,
            Metadata = seen is null ? value.Metadata : new Dictionary<string, string>((value.Metadata ?? new Dictionary<string, string>()).Concat(seen)),
        };
    }

    // Where a policy says what no data means, it is no error.
    private async Task<MetricValue> ValueAsync(MetricRequest request, CancellationToken cancel)
    {
        try
        {
            return await QueryAsync(request, cancel);
        }
        catch (NoDataException) when (request.Policy.OnNoData is not null)
        {
            return new MetricValue(null, "");
        }
    }

    /// <summary>Asks the server.</summary>
    /// <exception cref="MetricException">There is no usable answer.</exception>
    protected abstract Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel);
}

/// <summary>What a server answered.</summary>
/// <param name="Result">What conditions see as <c>result</c>.</param>
/// <param name="Text">The value as it is stored.</param>
public sealed record MetricValue(object? Result, string Text)
{
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether the value is stored even if a condition cannot be evaluated.</summary>
    public bool KeepsTextOnError { get; init; }
}
