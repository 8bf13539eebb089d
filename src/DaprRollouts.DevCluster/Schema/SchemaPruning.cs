using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>Removes the fields that a schema does not know.</summary>
internal static class SchemaPruning
{
    private static readonly HashSet<string> NoFields = [];
    private static readonly HashSet<string> ResourceFields = ["apiVersion", "kind", "metadata"];

    public static void Prune(JsonNode? value, SchemaNode schema, HashSet<string> kept)
    {
        switch (value)
        {
            case JsonArray items when schema.Items is { } itemSchema:
                foreach (var item in items)
                {
                    Prune(item, itemSchema, KeptIn(itemSchema));
                }
                break;
            case JsonObject map:
                PruneMap(map, schema, kept);
                break;
        }
    }

    private static void PruneMap(JsonObject map, SchemaNode schema, HashSet<string> kept)
    {
        foreach (var (name, value) in map.ToArray())
        {
            if (kept.Contains(name))
            {
                continue;
            }
            if (schema.Properties.TryGetValue(name, out var property))
            {
                Prune(value, property, KeptIn(property));
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Prune(value, additional, KeptIn(additional));
            }
            else if (!schema.PreservesUnknown && !schema.AllowsAdditional)
            {
                map.Remove(name);
            }
        }
    }

    private static HashSet<string> KeptIn(SchemaNode schema) => schema.IsEmbeddedResource ? ResourceFields : NoFields;
}
