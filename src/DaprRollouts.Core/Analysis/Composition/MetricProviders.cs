using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Which provider a metric names.</summary>
public static class MetricProviders
{
    /// <summary>The members of a metric's provider that are set, as the manifest calls them; each plugin counts.</summary>
    public static IReadOnlyList<string> Of(MetricProvider? provider)
    {
        if (provider is null)
        {
            return [];
        }

        (string Name, object? Settings)[] known =
        [
            ("prometheus", provider.Prometheus), ("job", provider.Job), ("kayenta", provider.Kayenta), ("web", provider.Web),
            ("datadog", provider.Datadog), ("wavefront", provider.Wavefront), ("newRelic", provider.NewRelic), ("cloudWatch", provider.CloudWatch),
            ("graphite", provider.Graphite), ("influxdb", provider.Influxdb), ("skywalking", provider.Skywalking),
        ];
        return
        [
            .. known.Where(k => k.Settings is not null).Select(k => k.Name),
            .. provider.Plugin?.Select(p => $"plugin {p.Key}") ?? [],
        ];
    }
}
