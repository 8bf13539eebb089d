using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Analysis;
using DaprRollouts.Core.Analysis.Expressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Activities.Metrics;

/// <summary>What Datadog answers.</summary>
internal static class DatadogAnswer
{
    private const int MaxGroupsKept = 100;

    /// <summary>The newest point of the first series.</summary>
    public static MetricValue ReadVersion1(MetricAnswer answer) => AnswerJson.Read(answer, "datadog", root =>
    {
        var list = root.Member("series");
        var points = list.Items() is { Count: > 0 } series ? series[0].Member("pointlist").Items() : [];
        if (points.Count == 0)
        {
            return new MetricValue(null, list is null ? "null" : list.Items().Count == 0 ? "[]" : "[{\"Pointlist\":[]}]");
        }

        var newest = points[^1];
        if (newest.ValueKind != JsonValueKind.Array || newest.GetArrayLength() != 2)
        {
            throw new MetricException("datadog: Datapoint does not have 2 values");
        }

        var number = newest[1].ValueKind == JsonValueKind.Null ? 0 : newest[1].GetDouble();
        return new MetricValue(number, GoFormat.Shortest(number));
    });

    /// <summary>The first number, or the numbers of all groups.</summary>
    public static MetricValue ReadVersion2(MetricAnswer answer) => AnswerJson.Read(answer, "datadog", root =>
    {
        if ((root.Member("data")?.Member("errors") ?? root.Member("errors")) is { } errors && errors.ToString() is not ("" or "[]"))
        {
            throw new MetricException($"datadog: There were errors in your query: {errors}");
        }

        var columns = root.Member("data")?.Member("attributes")?.Member("columns").Items() ?? [];
        var numbers = columns.FirstOrDefault(c => Type(c) is "number" or "");
        var groups = columns.Where(c => Type(c) == "group").Select(c => c.Member("values").Items()).ToList();
        var values = numbers.Member("values").Items();
        if (values.FirstOrDefault(v => v.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null)) is { ValueKind: not JsonValueKind.Undefined } odd)
        {
            throw new MetricException($"datadog: could not parse numeric value {odd.GetRawText()} in column \"{numbers.Member("name")}\"");
        }

        return groups.Count > 0 ? Grouped(values, groups) : Single(values);
    });

    private static string Type(JsonElement column) => column.Member("type")?.GetString() ?? "";

    private static MetricValue Single(IReadOnlyList<JsonElement> values)
    {
        foreach (var value in values.Where(v => v.ValueKind == JsonValueKind.Number))
        {
            return new MetricValue(value.GetDouble(), GoFormat.Shortest(value.GetDouble()));
        }

        return new MetricValue(null, "[]");
    }

    private static MetricValue Grouped(IReadOnlyList<JsonElement> values, List<IReadOnlyList<JsonElement>> groups)
    {
        List<(string Name, double Value)> rows = [];
        for (var row = 0; row < values.Count; row++)
        {
            if (values[row].ValueKind == JsonValueKind.Number)
            {
                rows.Add((Label(groups, row), values[row].GetDouble()));
            }
        }

        if (rows.Count == 0)
        {
            return new MetricValue(null, "[]");
        }

        Dictionary<string, string> metadata = [];
        IEnumerable<(string Name, double Value)> kept = rows;
        if (rows.Count > MaxGroupsKept)
        {
            var sorted = rows.OrderBy(r => r.Value).ToList();
            kept = sorted.Take(MaxGroupsKept / 2).Concat(sorted.TakeLast(MaxGroupsKept / 2));
            metadata["groups_truncated"] = "true";
        }

        metadata["groups"] = new JsonArray([.. kept.Select(r => new JsonObject { ["name"] = r.Name, ["value"] = r.Value })]).ToJsonString(ModelJson.Options);
        var numbers = rows.Select(r => r.Value).ToList();
        return new MetricValue(TypedList.OfNumbers(numbers), $"[{string.Join(',', numbers.Select(GoFormat.Shortest))}]") { Metadata = metadata };
    }

    private static string Label(List<IReadOnlyList<JsonElement>> groups, int row)
    {
        var tags = groups.ConvertAll(g => row < g.Count && g[row].ValueKind == JsonValueKind.Array ? g[row].EnumerateArray().ToList() : []);
        return tags.TrueForAll(t => t.Count > 0 && t.TrueForAll(tag => tag.ValueKind == JsonValueKind.String))
            ? string.Join(',', tags.SelectMany(t => t))
            : throw new MetricException($"datadog: could not parse group label at index {row}");
    }
}
