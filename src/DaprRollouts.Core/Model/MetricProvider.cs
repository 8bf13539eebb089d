using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>Where a metric comes from: exactly one of these.</summary>
public sealed record MetricProvider
{
    public CloudWatchMetric? CloudWatch { get; init; }

    public DatadogMetric? Datadog { get; init; }

    public GraphiteMetric? Graphite { get; init; }

    public InfluxdbMetric? Influxdb { get; init; }

    public JobMetric? Job { get; init; }

    public KayentaMetric? Kayenta { get; init; }

    public NewRelicMetric? NewRelic { get; init; }

    /// <summary>Plugins by name, each with settings of its own.</summary>
    public JsonObject? Plugin { get; init; }

    public PrometheusMetric? Prometheus { get; init; }

    public SkywalkingMetric? Skywalking { get; init; }

    public WavefrontMetric? Wavefront { get; init; }

    public WebMetric? Web { get; init; }
}

/// <summary>A query to Prometheus.</summary>
public sealed record PrometheusMetric
{
    public string? Address { get; init; }

    public HttpAuthentication? Authentication { get; init; }

    public IReadOnlyList<HttpHeader>? Headers { get; init; }

    /// <summary>Skips the check of the server's certificate.</summary>
    public bool? Insecure { get; init; }

    public string? Query { get; init; }

    public PrometheusRangeQuery? RangeQuery { get; init; }

    /// <summary>Seconds; 30 if absent.</summary>
    public long? Timeout { get; init; }
}

/// <summary>Turns a query into one over a range of time. Start and end are expressions such as <c>now() - duration("5m")</c>.</summary>
public sealed record PrometheusRangeQuery
{
    public string? End { get; init; }

    public string? Start { get; init; }

    public string? Step { get; init; }
}

/// <summary>An HTTP request to any server that answers in JSON or text.</summary>
public sealed record WebMetric
{
    public HttpAuthentication? Authentication { get; init; }

    public string? Body { get; init; }

    public IReadOnlyList<HttpHeader>? Headers { get; init; }

    /// <summary>Skips the check of the server's certificate.</summary>
    public bool? Insecure { get; init; }

    public JsonNode? JsonBody { get; init; }

    /// <summary>Which part of a JSON answer is the result; all of it if absent.</summary>
    public string? JsonPath { get; init; }

    /// <summary>GET if absent.</summary>
    public string? Method { get; init; }

    /// <summary>10 if absent.</summary>
    public long? TimeoutSeconds { get; init; }

    [RequiredField]
    public string? Url { get; init; }
}

/// <summary>An HTTP header.</summary>
public sealed record HttpHeader
{
    [RequiredField]
    public string? Key { get; init; }

    [RequiredField]
    public string? Value { get; init; }
}

/// <summary>How a request proves who sends it.</summary>
public sealed record HttpAuthentication
{
    public BasicAuthentication? BasicAuth { get; init; }

    public OAuth2Authentication? Oauth2 { get; init; }

    public SigV4Authentication? Sigv4 { get; init; }
}

/// <summary>User name and password.</summary>
public sealed record BasicAuthentication
{
    public string? Password { get; init; }

    public string? Username { get; init; }
}

/// <summary>The client credentials grant of OAuth 2.</summary>
public sealed record OAuth2Authentication
{
    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public string? TokenUrl { get; init; }
}

/// <summary>Signed requests to services of AWS.</summary>
public sealed record SigV4Authentication
{
    public string? Profile { get; init; }

    public string? Region { get; init; }

    public string? RoleArn { get; init; }
}

/// <summary>A Kubernetes Job, whose success is the measurement's.</summary>
public sealed record JobMetric
{
    public JobMetadata? Metadata { get; init; }

    [RequiredField]
    [KubernetesType("io.k8s.api.batch.v1.JobSpec")]
    public JsonObject? Spec { get; init; }
}

/// <summary>Labels and annotations for a Job.</summary>
public sealed record JobMetadata
{
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
