using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>Removes the fields that a schema does not know.</summary>
/// <param name="unknown">Takes their paths.</param>
internal sealed class SchemaPruning(ICollection<string> unknown)
{
    private static readonly HashSet<string> NoFields = [];
    private static readonly HashSet<string> ResourceFields = ["apiVersion", "kind", "metadata"];

    public void Prune(JsonNode? value, SchemaNode schema, HashSet<string> kept, string path = "")
    {
        switch (value)
        {
            case JsonArray items when schema.Items is { } itemSchema:
                for (var i = 0; i < items.Count; i++)
                {
                    Prune(items[i], itemSchema, KeptIn(itemSchema), $"{path}[{i}]");
                }
                break;
            case JsonObject map:
                PruneMap(map, schema, kept, path);
                break;
        }
    }

    private void PruneMap(JsonObject map, SchemaNode schema, HashSet<string> kept, string path)
    {
        foreach (var (name, value) in map.ToArray())
        {
            if (kept.Contains(name))
            {
                continue;
            }
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Properties.TryGetValue(name, out var property))
            {
                Prune(value, property, KeptIn(property), at);
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Prune(value, additional, KeptIn(additional), at);
            }
            else if (!schema.PreservesUnknown && !schema.AllowsAdditional)
            {
                unknown.Add(at);
                map.Remove(name);
            }
        }
    }

    private static HashSet<string> KeptIn(SchemaNode schema) => schema.IsEmbeddedResource ? ResourceFields : NoFields;
}
