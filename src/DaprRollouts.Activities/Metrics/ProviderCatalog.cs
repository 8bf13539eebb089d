using DaprRollouts.Core.Analysis.Composition;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>All metric providers.</summary>
public sealed class ProviderCatalog(IReadOnlyList<IMetricProvider> providers)
{
    /// <summary>The providers of this program.</summary>
    public static ProviderCatalog Create(MetricHttp http, MetricAccounts accounts, JobCluster jobs, AwsAccount aws, TimeProvider time) => new(
    [
        new CloudWatchMetrics(http, aws, time),
        new DatadogMetrics(http, accounts, time),
        new GraphiteMetrics(http, time),
        new InfluxdbMetrics(http, accounts, time),
        new JobMetrics(jobs, time),
        new KayentaMetrics(http, time),
        new NewRelicMetrics(http, accounts, time),
        new PrometheusMetrics(http, aws, time),
        new SkywalkingMetrics(http, time),
        new WavefrontMetrics(http, accounts, time),
        new WebMetrics(http, time),
    ]);

    /// <summary>The names of all, in alphabetical order.</summary>
    public IEnumerable<string> Names => providers.Select(p => p.Name);

    /// <summary>The provider that a metric names.</summary>
    /// <exception cref="MetricException">There is no such provider.</exception>
    public IMetricProvider Of(Metric metric)
    {
        var name = MetricProviders.Of(metric.Provider).FirstOrDefault() ?? "none";
        return providers.FirstOrDefault(p => p.Name == name)
            ?? throw new MetricException($"there is no metric provider \"{name}\": there are {string.Join(", ", Names)}");
    }
}
