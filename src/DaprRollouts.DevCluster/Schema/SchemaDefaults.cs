using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>Fills in the defaults that a schema declares.</summary>
internal static class SchemaDefaults
{
    public static void Apply(JsonNode? value, SchemaNode schema)
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var (name, property) in schema.Properties)
                {
                    ApplyTo(map, name, property);
                }
                if (schema.AdditionalProperties is { } additional)
                {
                    foreach (var (_, item) in map.Where(p => !schema.Properties.ContainsKey(p.Key)))
                    {
                        Apply(item, additional);
                    }
                }
                break;
            case JsonArray items when schema.Items is { } itemSchema:
                foreach (var item in items)
                {
                    Apply(item, itemSchema);
                }
                break;
        }
    }

    private static void ApplyTo(JsonObject map, string name, SchemaNode property)
    {
        // A null where none is allowed counts as absent once there is a default.
        if (property.Default is { } value && (!map.ContainsKey(name) || (map[name] is null && !property.IsNullable)))
        {
            map[name] = value.DeepClone();
        }
        if (map.TryGetPropertyValue(name, out var child))
        {
            Apply(child, property);
        }
    }
}
