using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Json;

/// <summary>Reads fields that may be missing or of another type: then they count as absent.</summary>
internal static class JsonReading
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }
        return node;
    }

    public static JsonObject? Object(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    public static JsonArray? Array(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    /// <summary>The objects of an array; none if there is no array.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.Select(AsText).OfType<string>() : [];

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) => AsText(node.At(path));

    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) => AsNumber(node.At(path));

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    public static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(node.Text(path), out var time) ? time : null;

    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static long? AsNumber(this JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out long number) => number,
        JsonValue value when value.TryGetValue(out int number) => number,
        JsonValue value when value.TryGetValue(out double number) && number == Math.Floor(number) => (long)number,
        _ => null,
    };

    public static bool IsNumber(this JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.Number;

    /// <summary>The object at a path, made where it is missing.</summary>
    public static JsonObject Ensure(this JsonObject node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node[name] is not JsonObject child)
            {
                node[name] = child = [];
            }
            node = child;
        }
        return node;
    }

    /// <summary>Sets a field that is missing or null.</summary>
    public static void Default(this JsonObject node, string name, JsonNode value)
    {
        if (node[name] is null)
        {
            node[name] = value;
        }
    }

    /// <summary>Sets a field, or removes it for a value that says nothing: null, "", an empty list or map.</summary>
    public static void SetOrRemove(this JsonObject node, string name, JsonNode? value)
    {
        var isEmpty = value switch
        {
            null => true,
            JsonObject map => map.Count == 0,
            JsonArray list => list.Count == 0,
            _ => AsText(value) == "",
        };
        if (isEmpty)
        {
            node.Remove(name);
        }
        else
        {
            node[name] = value;
        }
    }

    public static string Timestamp(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");

    public static string MicroTimestamp(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ");
}
