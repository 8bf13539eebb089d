using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis;

/// <summary>What the results of providers are, as far as that is known before they are asked.</summary>
public static class ResultTypes
{
    private static readonly TypedList Empty = TypedList.OfNumbers([]);
    private static readonly TypedList OnlyNaN = TypedList.OfNumbers([double.NaN]);

    /// <summary>What CloudWatch answers to one query.</summary>
    public static StaticType CloudWatchQuery { get; } = new(ValueKind.Structure, Fields: new Dictionary<string, StaticType>
    {
        ["Id"] = StaticType.Unknown, // a text, or nil
        ["Label"] = StaticType.Unknown,
        ["StatusCode"] = StaticType.Text,
        ["Timestamps"] = StaticType.ListOf(StaticType.Time),
        ["Values"] = StaticType.ListOf(StaticType.Real),
        ["Messages"] = StaticType.AnyList,
    });

    /// <summary>The types that a result may have; a condition must fit one of them.</summary>
    public static IReadOnlyList<StaticType> Of(MetricProvider? provider) => provider switch
    {
        { Prometheus.RangeQuery: not null } or { Graphite: not null } => [StaticType.ListOf(StaticType.Real)],
        { Prometheus.Query: { } query } => OfQuery(query),
        { Prometheus: not null } or { Wavefront: not null } => [StaticType.ListOf(StaticType.Real), StaticType.Real],
        { Datadog: not null } => [StaticType.Real, StaticType.ListOf(StaticType.Real)],
        { Influxdb: not null } => [StaticType.AnyList],
        { NewRelic: not null } => [StaticType.AnyMap, StaticType.AnyList],
        { CloudWatch: not null } => [StaticType.ListOf(CloudWatchQuery)],
        { Skywalking: not null } => [StaticType.AnyMap],
        _ => [StaticType.Unknown],
    };

    // Whatever selects or aggregates series gives a list, also of one; a number comes only of numbers, of the time, and of scalar().
    private static StaticType[] OfQuery(string query) =>
        !query.Any(char.IsAsciiLetter) ? [StaticType.Real]
        : query.Contains("scalar(", StringComparison.Ordinal) || query.Contains("time()", StringComparison.Ordinal) || query.Contains("pi()", StringComparison.Ordinal)
            ? [StaticType.ListOf(StaticType.Real), StaticType.Real]
        : [StaticType.ListOf(StaticType.Real)];

    /// <summary>Results without data that the provider may give, and what to call them.</summary>
    public static IReadOnlyList<(string Name, object? Result)> WithoutData(MetricProvider? provider) => provider switch
    {
        { Prometheus.RangeQuery: not null } => [("[]", Empty), ("[NaN]", OnlyNaN)],
        { Prometheus: not null } => [("[]", Empty), ("[NaN]", OnlyNaN), ("NaN", double.NaN)],
        { Datadog: not null } => [("nil", null), ("NaN", double.NaN)],
        { Graphite: not null } => [("[]", Empty)],
        { Wavefront: not null } => [("NaN", double.NaN)],
        { Influxdb: not null } => [("[nil]", (object?[])[null])],
        { Web: not null } => [("null", null), ("[]", Array.Empty<object?>()), ("an empty text", "")],
        _ => [],
    };
}
