using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Json;

/// <summary>
/// Reads and writes JSON trees. What it reads is built completely, with strings, longs and booleans as leaves, because the
/// framework's own nodes are built on first use and are then not safe to share between threads.
/// </summary>
internal static class JsonTree
{
    private const int MaxDepth = 256;

    private static readonly JsonSerializerOptions WriteOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
    };

    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var node = ReadValue(ref reader);
        if (reader.Read())
        {
            throw new JsonException("there is more after the JSON value");
        }
        return node;
    }

    public static byte[] Write(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, WriteOptions);

    public static string Text(JsonNode? node) => node is null ? "null" : node.ToJsonString(WriteOptions);

    public static JsonObject Copy(JsonObject node) => (JsonObject)node.DeepClone();

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    private static JsonNode? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.Create(reader.GetString()!),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.Null => null,
        _ => throw new JsonException($"unexpected {reader.TokenType}"),
    };

    private static JsonValue ReadNumber(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(JsonElement.ParseValue(ref reader))!;

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            result[name] = ReadValue(ref reader);
        }
        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            result.Add(ReadValue(ref reader));
        }
        return result;
    }
}
