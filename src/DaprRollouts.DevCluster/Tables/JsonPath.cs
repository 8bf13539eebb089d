using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>
/// The part of JSONPath that printer columns use: .field, ['field'], [index], [*] and [?(@.field=="value")]. Of several
/// matches the first is taken.
/// </summary>
internal sealed partial class JsonPath
{
    private readonly List<Func<JsonNode?, IEnumerable<JsonNode?>>> _steps = [];

    public static JsonPath Parse(string text)
    {
        var path = new JsonPath();
        foreach (Match match in Step().Matches(text))
        {
            path._steps.Add(ToStep(match));
        }
        return path;
    }

    public JsonNode? Find(JsonNode? root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step);
        }
        return found.FirstOrDefault(n => n is not null);
    }

    private static Func<JsonNode?, IEnumerable<JsonNode?>> ToStep(Match match)
    {
        if (match.Groups["filter"].Success)
        {
            var names = match.Groups["filter"].Value.Split('.');
            var value = match.Groups["value"].Value;
            return node => node.Objects().Where(o => o.Text(names) == value);
        }
        if (match.Groups["index"].Success)
        {
            var index = int.Parse(match.Groups["index"].Value);
            return node => node is JsonArray list && Math.Abs(index) < list.Count ? [list[index < 0 ? list.Count + index : index]] : [];
        }
        if (match.Groups["all"].Success)
        {
            return node => node switch { JsonArray list => list, JsonObject map => map.Select(m => m.Value), _ => [] };
        }
        var name = (match.Groups["quoted"].Success ? match.Groups["quoted"] : match.Groups["name"]).Value.Replace("\\.", ".", StringComparison.Ordinal);
        return node => [node.At(name)];
    }

    [GeneratedRegex(@"\[\?\(@\.(?<filter>[\w.]+)\s*==\s*['""](?<value>[^'""]*)['""]\)\]|\['(?<quoted>[^']+)'\]|\[(?<index>-?\d+)\]|(?<all>\[\*\])|\.(?<name>(?:[^.\[\]\\]|\\.)+)")]
    private static partial Regex Step();
}
