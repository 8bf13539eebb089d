using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.OpenApi;

/// <summary>Tells the schema of a custom resource in OpenAPI 2, which knows less: what it cannot say is left open.</summary>
internal static class CustomSchemaConversion
{
    private static readonly string[] Kept = ["description", "type", "format", "required", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string"];

    public static JsonObject ToVersion2(JsonObject schema)
    {
        var result = new JsonObject();
        foreach (var name in Kept)
        {
            if (schema[name] is { } value)
            {
                result[name] = value.DeepClone();
            }
        }
        var isOpen = schema.Flag("x-kubernetes-preserve-unknown-fields") == true || schema.Flag("nullable") == true;
        if (isOpen || schema.Flag("x-kubernetes-int-or-string") == true)
        {
            result.Remove("type");
            result.Remove("required");
            return result;
        }
        if (schema.Object("properties") is { } properties)
        {
            result["properties"] = new JsonObject(properties.Where(p => p.Value is JsonObject)
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)ToVersion2((JsonObject)p.Value!))));
        }
        if (schema.Object("items") is { } items)
        {
            result["items"] = ToVersion2(items);
        }
        if (schema.Object("additionalProperties") is { } additional)
        {
            result["additionalProperties"] = ToVersion2(additional);
        }
        return result;
    }
}
