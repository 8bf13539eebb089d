using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Analysis.Policies;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>A run as it is scheduled and judged: metrics with their placeholders filled, and what applies to each.</summary>
public sealed record AnalysisPlan
{
    private const int DefaultRetention = 10;

    public required IReadOnlyList<MetricPlan> Metrics { get; init; }

    /// <summary>Whether somebody asked for the end of the run.</summary>
    public required bool Terminate { get; init; }

    /// <summary>The plan of a run. Secrets are masked: they play no part in when to measure or how to judge.</summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="annotations">The run's annotations, which hold the policies of its metrics.</param>
    /// <exception cref="InvalidAnalysisException">The run cannot be carried out; the message becomes the run's.</exception>
    public static AnalysisPlan Of(AnalysisRunSpec spec, IEnumerable<KeyValuePair<string, string>>? annotations = null)
    {
        var metrics = Resolved(spec);
        if (MetricValidation.FirstError(metrics) is { } error)
        {
            throw new InvalidAnalysisException($"Analysis spec invalid: {error}");
        }

        var dryRun = new bool[metrics.Count];
        Match(spec.DryRun ?? [], "dryRun", r => r.MetricName, metrics, (index, _) => dryRun[index] = true);
        var retention = Enumerable.Repeat(DefaultRetention, metrics.Count).ToArray();
        Match(
            spec.MeasurementRetention ?? [],
            "measurementRetention",
            r => r.MetricName,
            metrics,
            (index, rule) => retention[index] = rule.Limit > 0 ? rule.Limit.Value : DefaultRetention);
        var policies = PolicyValidation.Checked(annotations, spec.Metrics!, metrics);
        return new AnalysisPlan
        {
            Metrics = [.. metrics.Select((m, i) => new MetricPlan(i, m, MetricLimits.Of(m), dryRun[i], retention[i]) { Policy = policies[i] })],
            Terminate = spec.Terminate == true,
        };
    }

    /// <summary>The plan of a metric.</summary>
    public MetricPlan? Metric(string name) => Metrics.FirstOrDefault(m => m.Name == name);

    private static List<Metric> Resolved(AnalysisRunSpec spec)
    {
        try
        {
            var arguments = Arguments.Masked(spec.Args);
            return [.. (spec.Metrics ?? []).Select(m => Placeholders.Fill(m, arguments))];
        }
        catch (InvalidAnalysisException e)
        {
            throw new InvalidAnalysisException($"Unable to resolve metric arguments: {e.Message}");
        }
    }

    private static void Match<T>(IReadOnlyList<T> rules, string kind, Func<T, string?> pattern, List<Metric> metrics, Action<int, T> apply)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            var matched = false;
            if (Re2.TryCompile(pattern(rules[i]) ?? "", out var regex, out _))
            {
                for (var m = 0; m < metrics.Count; m++)
                {
                    if (regex.IsMatch(metrics[m].Name ?? ""))
                    {
                        apply(m, rules[i]);
                        matched = true;
                    }
                }
            }

            if (!matched)
            {
                throw new InvalidAnalysisException(
                    $"Analysis spec invalid: {kind}[{i}]: Rule didn't match any metric name(s): \"{pattern(rules[i])}\" is a regular expression; \".*\" selects all");
            }
        }
    }
}

/// <summary>A metric and what applies to it.</summary>
/// <param name="Index">Its place in the run's spec.</param>
/// <param name="Metric">The metric, its placeholders filled.</param>
/// <param name="Limits">Its numbers.</param>
/// <param name="DryRun">Whether its verdict does not count.</param>
/// <param name="Retention">How many measurements are kept.</param>
public sealed record MetricPlan(int Index, Metric Metric, MetricLimits Limits, bool DryRun, int Retention)
{
    public string Name => Metric.Name ?? "";

    /// <summary>What Argo has no fields for.</summary>
    public MetricPolicy Policy { get; init; } = MetricPolicy.None;
}
