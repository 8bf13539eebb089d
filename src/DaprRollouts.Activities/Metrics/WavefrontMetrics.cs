using System.Globalization;
using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Wavefront, by its chart API.</summary>
public sealed class WavefrontMetrics(MetricHttp http, MetricAccounts accounts, TimeProvider time) : ImmediateMetrics(time)
{
    private const string Tokens = "wavefront-api-tokens";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public override string Name => "wavefront";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Wavefront!;
        var host = settings.Address ?? "";
        var tokens = await accounts.ReadAsync(Tokens, [host], cancel);
        var now = Time.GetUtcNow();
        var query = HttpSignIn.Form(
        [
            new("q", settings.Query ?? ""), new("s", $"{now.ToUnixTimeMilliseconds()}"), new("e", $"{now.ToUnixTimeMilliseconds()}"), new("g", "s"), new("p", "1"),
            new("i", "true"), new("autoEvents", "false"), new("listmode", "false"), new("strict", "false"), new("includeObsoleteMetrics", "false"),
        ]);
        var call = new MetricCall
        {
            Address = MetricCall.AddressOf("wavefront address", $"{(host.Contains("://", StringComparison.Ordinal) ? "" : "https://")}{host}/api/v2/chart/api?{query}"),
            Headers = [("Authorization", $"Bearer {tokens[host]}"), ("Accept", "application/json")],
            Timeout = Timeout,
        };
        var answer = await http.SendAsync(call, cancel);
        return answer.Status == 200
            ? AnswerJson.Read(answer, "wavefront", root => Read(root, now))
            : throw new MetricException($"wavefront: received response code {answer.Status}: {answer.Excerpt}");
    }

    internal static MetricValue Read(JsonElement root, DateTimeOffset now)
    {
        if (root.Member("errorMessage") is { } error)
        {
            throw new MetricException($"wavefront: {root.Member("errorType")}: {error}");
        }

        var warnings = root.Member("warnings")?.ToString() ?? "";
        var points = root.Member("timeseries").Items().Select(s => Closest(s, now)).ToList();
        if (points.Count == 0)
        {
            throw new NoDataException($"No TimeSeries found in response from Wavefront{(warnings.Length > 0 ? $": {warnings}" : "")}");
        }

        var values = points.Select(p => GoFormat.Fixed(p.Value, 2)).ToList();
        Dictionary<string, string> metadata = new()
        {
            ["timestamps"] = Listed([.. points.Select(p => p.Second.ToString(CultureInfo.InvariantCulture))]),
            ["drift"] = Listed([.. points.Select(p => (p.Second - now.ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture))]),
        };
        if (warnings.Length > 0)
        {
            metadata["warnings"] = warnings;
        }

        object result = points.Count == 1 ? points[0].Value : TypedList.OfNumbers(points.Select(p => p.Value));
        return new MetricValue(result, Listed(values)) { Metadata = metadata };
    }

    private static string Listed(List<string> items) => items.Count == 1 ? items[0] : $"[{string.Join(',', items)}]";

    private static (long Second, double Value) Closest(JsonElement series, DateTimeOffset now)
    {
        var points = series.Member("data").Items();
        return points.Count > 0
            ? points.Select(p => (Second: (long)p[0].GetDouble(), Value: p[1].GetDouble())).MinBy(p => Math.Abs(p.Second - now.ToUnixTimeSeconds()))
            : throw new NoDataException("wavefront: a series has no points");
    }
}
