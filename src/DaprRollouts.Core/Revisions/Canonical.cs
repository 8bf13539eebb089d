using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Revisions;

/// <summary>JSON in one form: members sorted, null and empty members left out.</summary>
public static class Canonical
{
    /// <summary>Writes the canonical form of a value.</summary>
    public static void Write(JsonNode? node, StringBuilder to)
    {
        switch (node)
        {
            case JsonObject members:
                WriteObject(members, to);
                break;
            case JsonArray items:
                to.Append('[');
                foreach (var item in items)
                {
                    Write(item, to);
                    to.Append(',');
                }

                to.Append(']');
                break;
            case null:
                to.Append("null");
                break;
            default:
                to.Append(node.ToJsonString());
                break;
        }
    }

    /// <summary>Whether a value says nothing: null, {} or [].</summary>
    public static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonObject members => members.All(m => IsEmpty(m.Value)),
        JsonArray items => items.Count == 0,
        _ => node.GetValueKind() == JsonValueKind.Null,
    };

    private static void WriteObject(JsonObject members, StringBuilder to)
    {
        to.Append('{');
        foreach (var (name, value) in members.Where(m => !IsEmpty(m.Value)).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            to.Append(JsonSerializer.Serialize(name)).Append(':');
            Write(value, to);
            to.Append(',');
        }

        to.Append('}');
    }
}
