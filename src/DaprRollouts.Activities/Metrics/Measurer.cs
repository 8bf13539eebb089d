using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Takes measurements that are due, all at the same time. Secrets are read for them and forgotten after.</summary>
public sealed class Measurer(ProviderCatalog providers, SecretReader secrets, TimeProvider time)
{
    private const string Mask = "*****";

    // Shorter texts would tear holes into numbers and words that have nothing to do with them.
    private const int ShortestMaskedInValues = 6;

    // An answer may be megabytes long, and an object of Kubernetes holds little more than one.
    private const int LongestText = 10_000;

    /// <exception cref="InvalidAnalysisException">A Secret, or its key, is missing.</exception>
    public async Task<IReadOnlyList<Taken>> TakeAsync(
        AnalysisRun run, AnalysisPlan plan, AnalysisRunStatus status, IReadOnlyList<DueMeasurement> due, CancellationToken cancel)
    {
        // A Secret that is missing ends the run at its beginning, not when its first measurement is due.
        if (due.Count == 0 && status.StartedAt is not null)
        {
            return [];
        }

        var known = await SecretsAsync(run, cancel);
        var arguments = Arguments.OfRun(run.Spec!.Args, reference => known[reference]);
        var masked = Arguments.OfRun(run.Spec.Args, _ => Mask);
        var owner = new MetricOwner(run.Metadata.NamespaceProperty, run.Metadata.Name, run.Metadata.Uid, status.StartedAt);
        return await Task.WhenAll(due.Select(async item =>
        {
            var written = run.Spec.Metrics![item.Metric.Index];
            var result = status.Result(item.Metric.Name);
            var request = new MetricRequest
            {
                Run = owner,
                Metric = Placeholders.Fill(written, arguments),
                Policy = item.Metric.Policy,
                Action = item.Action,
                Running = item.Running,
                Result = result,
                Retention = item.Metric.Retention,
                Now = time.GetUtcNow(),
            };
            var (measurement, metadata) = await MeasureAsync(request, result is null ? Placeholders.Fill(written, masked) : null, cancel);
            measurement = Cut(Masked(Completed(measurement, item), known.Values));
            var taken = new TakenMeasurement(item.Metric.Name, (result?.Ended ?? 0) + 1, measurement, metadata);
            return new Taken(taken, measurement.FinishedAt);
        }));
    }

    private async Task<(Measurement Measurement, IReadOnlyDictionary<string, string>? Metadata)> MeasureAsync(
        MetricRequest request, Metric? described, CancellationToken cancel)
    {
        try
        {
            var provider = providers.Of(request.Metric);
            var metadata = described is null ? null : provider.Describe(described);
            try
            {
                return (await provider.MeasureAsync(request, cancel), metadata);
            }
            catch (Exception e) when (e is MetricException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
            {
                return (Failed(request, e.Message), metadata); // what a provider did not foresee in an answer must not hold up the whole run
            }
        }
        catch (MetricException e)
        {
            return (Failed(request, e.Message), null);
        }
    }

    private Measurement Failed(MetricRequest request, string message) => new()
    {
        Phase = AnalysisPhase.Error,
        Message = message,
        StartedAt = request.Running?.StartedAt ?? request.Now,
        FinishedAt = time.GetUtcNow(),
        Metadata = request.Running?.Metadata,
    };

    private static Measurement Cut(Measurement measurement) => measurement with { Message = Cut(measurement.Message), Value = Cut(measurement.Value) };

    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] + "..." : text;

    private Measurement Completed(Measurement measurement, DueMeasurement item)
    {
        var ended = item.Action == MeasurementAction.Terminate ? Recording.Terminated(measurement) : measurement;
        return AnalysisPhase.IsCompleted(ended.Phase) && ended.FinishedAt is null ? ended with { FinishedAt = time.GetUtcNow() } : ended;
    }

    private async Task<Dictionary<SecretKeyRef, string>> SecretsAsync(AnalysisRun run, CancellationToken cancel)
    {
        Dictionary<SecretKeyRef, string> known = [];
        foreach (var reference in (run.Spec!.Args ?? []).Select(a => a.ValueFrom?.SecretKeyRef).OfType<SecretKeyRef>())
        {
            try
            {
                known[reference] = await secrets.ReadAsync(run.Metadata.NamespaceProperty, reference.Name ?? "", reference.Key ?? "", cancel);
            }
            catch (MetricException e)
            {
                throw new InvalidAnalysisException($"Unable to resolve metric arguments: {e.Message}");
            }
        }

        return known;
    }

    private static Measurement Masked(Measurement measurement, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(s => s.Length > 0).OrderByDescending(s => s.Length))
        {
            measurement = measurement with { Message = measurement.Message?.Replace(secret, Mask) };
            if (secret.Length >= ShortestMaskedInValues)
            {
                measurement = measurement with
                {
                    Value = measurement.Value?.Replace(secret, Mask),
                    Metadata = measurement.Metadata?.ToDictionary(m => m.Key, m => m.Value.Replace(secret, Mask)),
                };
            }
        }

        return measurement;
    }
}

/// <summary>A measurement that was taken, and when it ended to the tick.</summary>
public sealed record Taken(TakenMeasurement Item, DateTimeOffset? FinishedAt);
