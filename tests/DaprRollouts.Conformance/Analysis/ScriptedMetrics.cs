using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>A provider that answers what it is told to: phases, one after the other, the last for ever. It counts what it was asked.</summary>
internal sealed class ScriptedMetrics(TimeProvider time, Func<int, string> phaseOf) : IMetricProvider
{
    private int _asked;

    public ScriptedMetrics(TimeProvider time, params string[] phases)
        : this(time, measurement => phases[Math.Min(measurement, phases.Length) - 1])
    {
    }

    public string Name => "web";

    public int Asked => _asked;

    /// <summary>When it was asked.</summary>
    public List<DateTimeOffset> Times { get; } = [];

    /// <summary>What measurements say beside their phase.</summary>
    public string? Message { get; set; }

    public Task<Measurement> MeasureAsync(MetricRequest request, CancellationToken cancel)
    {
        _asked++;
        var phase = request.Action == MeasurementAction.Terminate ? AnalysisPhase.Inconclusive : phaseOf(_asked);
        Times.Add(time.GetUtcNow());
        return Task.FromResult(new Measurement
        {
            Phase = phase,
            Message = Message is null ? null : $"{Message} {request.Metric.Provider!.Web!.Url}",
            Value = $"{_asked}",
            StartedAt = request.Running?.StartedAt ?? request.Now,
            FinishedAt = phase == AnalysisPhase.Running ? null : time.GetUtcNow(),
            ResumeAt = phase == AnalysisPhase.Running ? time.GetUtcNow().AddSeconds(1) : null,
        });
    }
}
