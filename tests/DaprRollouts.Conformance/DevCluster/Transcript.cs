using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>
/// What a server answered, without what differs from run to run: uids and versions are numbered, versions in their order;
/// times, addresses and generated names are masked.
/// </summary>
internal sealed partial class Transcript(string ns)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _uids = [];

    public void Title(ApiStep step)
    {
        if (step.Title.Length > 0)
        {
            _text.Append("\n# ").Append(step.Title).Append('\n');
        }
        _text.Append(step.Verb).Append(' ').Append(step.Argument).Append('\n');
    }

    public void Line(string line) => _text.Append(line).Append('\n');

    public void Json(JsonNode? node)
    {
        if (node is not null)
        {
            Line(Sorted(node)!.ToJsonString(Indented));
        }
    }

    public override string ToString()
    {
        var text = _text.ToString().Replace(ns, "{ns}", StringComparison.Ordinal);
        text = Uid().Replace(text, m => _uids.TryGetValue(m.Value, out var known) ? known : _uids[m.Value] = $"uid-{_uids.Count + 1}");
        var versions = Version().Matches(text).Select(m => long.Parse(m.Groups[1].Value)).Distinct().Order().ToList();
        text = Version().Replace(text, m => $"version {versions.IndexOf(long.Parse(m.Groups[1].Value)) + 1}");
        text = Address().Replace(text, "ADDRESS");
        return Time().Replace(text, "TIME").TrimStart('\n');
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(p => !IsMasked(p.Key, p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, Masked(map, p.Key, p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    // Newer servers label namespaces with their names; the list of a custom kind has an empty token where others have none.
    private static bool IsMasked(string key, JsonNode? value) =>
        key is "managedFields" or "selfLink" or "imageID" || (key == "continue" && value?.ToString() == "")
        || (key == "labels" && value is JsonObject { Count: 1 } labels && labels.ContainsKey("kubernetes.io/metadata.name"));

    private static JsonNode? Masked(JsonObject map, string key, JsonNode? value) => key switch
    {
        "resourceVersion" when value?.ToString() is { Length: > 0 } version => $"version <{version}>",
        "continue" => "TOKEN",
        "name" when map["generateName"]?.ToString() is { } prefix => prefix + "?????",
        "nodeName" => "NODE",
        "items" when value is JsonArray items => new JsonArray([.. items.Select(Item)]),
        _ => Sorted(value),
    };

    // Lists of built-in kinds may leave out the kind of their items.
    private static JsonNode? Item(JsonNode? item)
    {
        var copy = Sorted(item);
        if (copy is JsonObject map)
        {
            map.Remove("kind");
            map.Remove("apiVersion");
        }
        return copy;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex("version <([0-9]+)>")]
    private static partial Regex Version();

    [GeneratedRegex(@"\b(10|192\.168)(\.\d{1,3}){2,3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();
}
