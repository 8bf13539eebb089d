using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Graphite, by its render API.</summary>
public sealed class GraphiteMetrics(MetricHttp http, TimeProvider time) : ImmediateMetrics(time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public override string Name => "graphite";

    protected override async Task<MetricValue> QueryAsync(MetricRequest request, CancellationToken cancel)
    {
        var settings = request.Metric.Provider!.Graphite!;
        var address = MetricCall.AddressOf("graphite address", settings.Address);
        var call = new MetricCall
        {
            Address = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/render", Query = Query(settings.Query ?? "") }.Uri,
            Timeout = Timeout,
        };
        var answer = await http.SendAsync(call, cancel);
        return answer.Status >= 400
            ? throw new MetricException($"graphite: error response: {answer.Status} {answer.Excerpt}")
            : AnswerJson.Read(answer, "graphite", Value);
    }

    /// <summary>The query is a query string of its own, in which line breaks and blanks serve only the reader.</summary>
    private static string Query(string text)
    {
        var pairs = string.Concat(text.Where(c => !char.IsWhiteSpace(c))).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2))
            .Select(p => new KeyValuePair<string, string>(Plain(p[0]), p.Length > 1 ? Plain(p[1]) : ""))
            .Where(p => p.Key != "format");
        return HttpSignIn.Form([.. pairs, new("format", "json")]);
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static MetricValue Value(JsonElement root)
    {
        var points = root.GetArrayLength() == 0 ? [] : root[0].Member("datapoints").Items();
        if (points.Count == 0)
        {
            throw new NoDataException("graphite: no values found");
        }

        var numbers = points.Select(Reading).Where(v => v.ValueKind != JsonValueKind.Null).Select(Number).ToList();
        return new MetricValue(TypedList.OfNumbers(numbers), $"[{string.Join(',', numbers.Select(n => GoFormat.Fixed(n, 6)))}]") { KeepsTextOnError = true };
    }

    private static JsonElement Reading(JsonElement point) => point.GetArrayLength() == 2 ? point[0] : throw new FormatException();

    private static double Number(JsonElement value) =>
        value.ValueKind != JsonValueKind.String ? value.GetDouble()
        : GoFloat.TryParse(value.GetString()!, out var number) ? number
        : throw new FormatException();
}
