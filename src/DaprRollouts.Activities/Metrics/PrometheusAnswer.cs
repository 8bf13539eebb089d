using System.Text.Json;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Activities.Metrics;

/// <summary>What Prometheus answers.</summary>
internal static class PrometheusAnswer
{
    /// <exception cref="MetricException">It is an error, or cannot be read.</exception>
    public static MetricValue Read(MetricAnswer answer)
    {
        if (!answer.IsSuccess && answer.Status is not (400 or 422))
        {
            throw new MetricException($"{(answer.Status >= 500 ? "server" : "client")}_error: {(answer.Status >= 500 ? "server" : "client")} error: {answer.Status}");
        }

        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            var root = json.RootElement;
            if (Text(root, "status") == "error" || !answer.IsSuccess)
            {
                throw new MetricException($"{Text(root, "errorType")}: {Text(root, "error")}");
            }

            var data = root.GetProperty("data");
            return Value(Text(data, "resultType"), data.GetProperty("result")) with { Metadata = Warnings(root) };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new MetricException($"bad_response: the answer of status {answer.Status} is not one of Prometheus: {answer.Excerpt}");
        }
    }

    private static MetricValue Value(string type, JsonElement result)
    {
        switch (type)
        {
            case "scalar":
                var number = Number(result);
                return new MetricValue(number, GoFormat.Shortest(number));
            case "vector":
                return List(result.EnumerateArray().Select(series => Sample(series, "value")));
            case "matrix":
                return List(result.EnumerateArray().SelectMany(series =>
                    series.TryGetProperty("values", out var values) ? values.EnumerateArray().Select(Number) : []));
            default:
                throw new MetricException($"Prometheus metric type {type} not supported");
        }
    }

    private static double Sample(JsonElement series, string member) =>
        series.TryGetProperty(member, out var value) ? Number(value) : 0; // a native histogram has no single value

    private static MetricValue List(IEnumerable<double> numbers)
    {
        var all = numbers.ToList();
        return new MetricValue(TypedList.OfNumbers(all), $"[{string.Join(',', all.Select(GoFormat.Shortest))}]");
    }

    /// <summary>The number of a pair of a time and a text.</summary>
    private static double Number(JsonElement pair) =>
        GoFloat.TryParse(pair[1].GetString() ?? "", out var number) ? number : throw new FormatException();

    private static string Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static Dictionary<string, string>? Warnings(JsonElement root) =>
        root.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0
            ? new Dictionary<string, string> { ["warnings"] = string.Join(", ", warnings.EnumerateArray().Select(w => $"\"{w}\"")) }
            : null;
}
