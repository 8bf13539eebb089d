using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace DaprRollouts.Core.Model;

/// <summary>A query to Datadog.</summary>
public sealed record DatadogMetric
{
    /// <summary>How version 2 makes one number of the window: avg, min, max, sum, last, percentile, mean, l2norm or area; last if absent.</summary>
    [AllowedValues("avg", "min", "max", "sum", "last", "percentile", "mean", "l2norm", "area")]
    public string? Aggregator { get; init; }

    /// <summary>v1 or v2; v1 if absent.</summary>
    [AllowedValues("v1", "v2")]
    [DefaultValue("v1")]
    public string? ApiVersion { get; init; }

    public string? Formula { get; init; }

    /// <summary>How far to look back; 5m if absent.</summary>
    [DefaultValue("5m")]
    public string? Interval { get; init; }

    public IReadOnlyDictionary<string, string>? Queries { get; init; }

    public string? Query { get; init; }

    /// <summary>10s if absent.</summary>
    [DefaultValue("10s")]
    public string? RequestTimeout { get; init; }

    public DatadogSecretRef? SecretRef { get; init; }
}

/// <summary>The Secret with the keys of Datadog.</summary>
public sealed record DatadogSecretRef
{
    public string? Name { get; init; }

    /// <summary>Whether it is in the run's namespace, not in the controller's.</summary>
    public bool? Namespaced { get; init; }
}

/// <summary>An NRQL query to New Relic.</summary>
public sealed record NewRelicMetric
{
    /// <summary>The Secret with the account; newrelic if absent.</summary>
    public string? Profile { get; init; }

    [RequiredField]
    public string? Query { get; init; }

    /// <summary>Seconds; 5 if absent.</summary>
    public long? Timeout { get; init; }
}

/// <summary>A query to Wavefront.</summary>
public sealed record WavefrontMetric
{
    public string? Address { get; init; }

    public string? Query { get; init; }
}

/// <summary>A query to Graphite.</summary>
public sealed record GraphiteMetric
{
    public string? Address { get; init; }

    public string? Query { get; init; }
}

/// <summary>A Flux query to InfluxDB.</summary>
public sealed record InfluxdbMetric
{
    /// <summary>The Secret with address, token and organisation; influxdb if absent.</summary>
    public string? Profile { get; init; }

    public string? Query { get; init; }
}

/// <summary>A GraphQL query to SkyWalking.</summary>
public sealed record SkywalkingMetric
{
    public string? Address { get; init; }

    public string? Interval { get; init; }

    public string? Query { get; init; }
}

/// <summary>Queries to CloudWatch.</summary>
public sealed record CloudWatchMetric
{
    /// <summary>How far to look back; 5m if absent.</summary>
    public string? Interval { get; init; }

    [RequiredField]
    public IReadOnlyList<CloudWatchQuery>? MetricDataQueries { get; init; }
}

/// <summary>One query to CloudWatch.</summary>
public sealed record CloudWatchQuery
{
    public string? Expression { get; init; }

    public string? Id { get; init; }

    public string? Label { get; init; }

    public CloudWatchStatistic? MetricStat { get; init; }

    public IntOrString? Period { get; init; }

    public bool? ReturnData { get; init; }
}

/// <summary>A statistic of one metric of CloudWatch.</summary>
public sealed record CloudWatchStatistic
{
    public CloudWatchMetricName? Metric { get; init; }

    public IntOrString? Period { get; init; }

    public string? Stat { get; init; }

    public string? Unit { get; init; }
}

/// <summary>What names a metric of CloudWatch.</summary>
public sealed record CloudWatchMetricName
{
    public IReadOnlyList<CloudWatchDimension>? Dimensions { get; init; }

    public string? MetricName { get; init; }

    public string? Namespace { get; init; }
}

/// <summary>A dimension of a metric of CloudWatch.</summary>
public sealed record CloudWatchDimension
{
    public string? Name { get; init; }

    public string? Value { get; init; }
}

/// <summary>A canary judged by Kayenta.</summary>
public sealed record KayentaMetric
{
    [RequiredField]
    public string? Address { get; init; }

    [RequiredField]
    public string? Application { get; init; }

    [RequiredField]
    public string? CanaryConfigName { get; init; }

    [RequiredField]
    public string? ConfigurationAccountName { get; init; }

    /// <summary>Whether the judgement starts with the run, not one interval ago.</summary>
    public bool? Lookback { get; init; }

    [RequiredField]
    public string? MetricsAccountName { get; init; }

    [RequiredField]
    public IReadOnlyList<KayentaScope>? Scopes { get; init; }

    [RequiredField]
    public string? StorageAccountName { get; init; }

    [RequiredField]
    public KayentaThreshold? Threshold { get; init; }
}

/// <summary>The scores of success and of doubt.</summary>
public sealed record KayentaThreshold
{
    [RequiredField]
    public long? Marginal { get; init; }

    [RequiredField]
    public long? Pass { get; init; }
}

/// <summary>What Kayenta compares with what.</summary>
public sealed record KayentaScope
{
    [RequiredField]
    public KayentaScopeDetail? ControlScope { get; init; }

    [RequiredField]
    public KayentaScopeDetail? ExperimentScope { get; init; }

    [RequiredField]
    public string? Name { get; init; }
}

/// <summary>One side of a comparison.</summary>
public sealed record KayentaScopeDetail
{
    public string? End { get; init; }

    [RequiredField]
    public string? Region { get; init; }

    [RequiredField]
    public string? Scope { get; init; }

    public string? Start { get; init; }

    [RequiredField]
    public long? Step { get; init; }
}
