using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.OpenApi;

/// <summary>The OpenAPI 2 document in the protobuf form that kubectl asks for; field numbers as in OpenAPIv2.proto of gnostic.</summary>
internal static class ProtobufDocument
{
    public static ReadOnlyMemory<byte> Write(JsonObject document)
    {
        var writer = new ProtobufWriter();
        writer.Text(1, document.Text("swagger"));
        writer.Message(2, info => info.Text(1, document.Text("info", "title")).Text(2, document.Text("info", "version")));
        writer.Message(8, _ => { });
        writer.Message(9, definitions => WriteNamed(definitions, document.Object("definitions")));
        return writer.Written;
    }

    private static void WriteNamed(ProtobufWriter writer, JsonObject? schemas)
    {
        foreach (var (name, schema) in schemas ?? [])
        {
            writer.Message(1, named => named.Text(1, name).Message(2, inner => WriteSchema(inner, (JsonObject)schema!)));
        }
    }

    private static void WriteSchema(ProtobufWriter writer, JsonObject schema)
    {
        writer.Text(1, schema.Text("$ref"));
        writer.Text(2, schema.Text("format"));
        writer.Text(4, schema.Text("description"));
        foreach (var name in schema.Texts("required"))
        {
            writer.Text(19, name);
        }
        if (schema.Object("additionalProperties") is { } additional)
        {
            writer.Message(21, item => item.Message(1, inner => WriteSchema(inner, additional)));
        }
        if (schema.Text("type") is { } type)
        {
            writer.Message(22, item => item.Text(1, type));
        }
        if (schema.Object("items") is { } items)
        {
            writer.Message(23, item => item.Message(1, inner => WriteSchema(inner, items)));
        }
        if (schema.Object("properties") is { } properties)
        {
            writer.Message(25, inner => WriteNamed(inner, properties));
        }
        foreach (var (name, value) in schema.Where(p => p.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            // The value of an extension is YAML, of which JSON is a part.
            writer.Message(31, named => named.Text(1, name).Message(2, any => any.Text(2, JsonTree.Text(value) + "\n")));
        }
    }
}
