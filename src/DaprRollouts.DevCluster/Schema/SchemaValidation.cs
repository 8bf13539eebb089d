using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>Checks a value against a schema and collects what is wrong, in the words of the API server.</summary>
internal sealed class SchemaValidation
{
    public List<FieldError> Errors { get; } = [];

    public void Check(JsonNode? value, SchemaNode schema, string path)
    {
        if (value is null && schema.IsNullable)
        {
            return;
        }
        if (!HasType(value, schema))
        {
            AddTypeError(value, schema, path);
            return;
        }
        CheckEnum(value, schema, path);
        switch (value)
        {
            case JsonObject map:
                CheckMap(map, schema, path);
                break;
            case JsonArray items:
                CheckItems(items, schema, path);
                break;
            case not null when value.GetValueKind() == JsonValueKind.String:
                Errors.AddRange(ScalarValidation.CheckText(value.AsText()!, schema, path));
                break;
            case not null when value.IsNumber():
                Errors.AddRange(ScalarValidation.CheckNumber(value, schema, path));
                break;
        }
        CheckCombinations(value, schema, path);
    }

    private void AddTypeError(JsonNode? value, SchemaNode schema, string path)
    {
        var expected = schema.IsIntOrString ? "integer,string" : schema.Type;
        var actual = value is null ? "null" : value switch
        {
            JsonObject => "object",
            JsonArray => "array",
            _ when value.GetValueKind() == JsonValueKind.String => "string",
            _ when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.AsNumber() is null ? "number" : "integer",
        };
        Errors.Add(FieldError.Quoted(path, actual, $"{InBody(path)} must be of type {expected}: \"{actual}\""));
    }

    private static bool HasType(JsonNode? value, SchemaNode schema)
    {
        if (schema.IsIntOrString)
        {
            return value is not null && (value.GetValueKind() == JsonValueKind.String || value.AsNumber() is not null);
        }
        return schema.Type switch
        {
            "" => true,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value?.GetValueKind() == JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.AsNumber() is not null,
            "number" => value.IsNumber(),
            _ => false,
        };
    }

    private void CheckEnum(JsonNode? value, SchemaNode schema, string path)
    {
        if (schema.Enum is { } allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            Errors.Add(FieldError.NotSupported(path, JsonTree.Text(value), allowed.Select(a => a.AsText() ?? JsonTree.Text(a))));
        }
    }

    private void CheckMap(JsonObject map, SchemaNode schema, string path)
    {
        foreach (var name in schema.Required.Where(n => !map.ContainsKey(n)))
        {
            Errors.Add(FieldError.Required(Child(path, name)));
        }
        if (schema.MinProperties is { } min && map.Count < min)
        {
            Errors.Add(FieldError.Invalid(path, $"{map.Count}", $"{InBody(path)} should have at least {min} properties"));
        }
        if (schema.MaxProperties is { } max && map.Count > max)
        {
            Errors.Add(FieldError.Invalid(path, $"{map.Count}", $"{InBody(path)} should have at most {max} properties"));
        }
        foreach (var (name, value) in map)
        {
            if (schema.Properties.TryGetValue(name, out var property) || (property = schema.AdditionalProperties) is not null)
            {
                Check(value, property, Child(path, name));
            }
        }
    }

    private void CheckItems(JsonArray items, SchemaNode schema, string path)
    {
        if (schema.MinItems is { } min && items.Count < min)
        {
            Errors.Add(FieldError.Invalid(path, $"{items.Count}", $"{InBody(path)} should have at least {min} items"));
        }
        if (schema.MaxItems is { } max && items.Count > max)
        {
            Errors.Add(FieldError.Invalid(path, $"{items.Count}", $"{InBody(path)} should have at most {max} items"));
        }
        var seen = new HashSet<string>();
        for (var i = 0; i < items.Count; i++)
        {
            if (schema.Items is { } itemSchema)
            {
                Check(items[i], itemSchema, $"{path}[{i}]");
            }
            var identity = schema.IsSet ? JsonTree.Text(items[i])
                : schema.ListMapKeys.Count > 0 ? string.Join(',', schema.ListMapKeys.Select(k => JsonTree.Text(items[i].At(k)))) : null;
            if (identity is not null && !seen.Add(identity))
            {
                Errors.Add(new FieldError("FieldValueDuplicate", $"{path}[{i}]", $"Duplicate value: {JsonTree.Text(items[i])}"));
            }
        }
    }

    private void CheckCombinations(JsonNode? value, SchemaNode schema, string path)
    {
        foreach (var part in schema.AllOf)
        {
            Check(value, part, path);
        }
        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(s => Fits(value, s)))
        {
            Errors.Add(FieldError.Quoted(path, "", $"{InBody(path)} must validate at least one schema (anyOf)"));
        }
        if (schema.OneOf.Count > 0 && schema.OneOf.Count(s => Fits(value, s)) != 1)
        {
            Errors.Add(FieldError.Quoted(path, "", $"{InBody(path)} must validate one and only one schema (oneOf)"));
        }
        if (schema.Not is { } not && Fits(value, not))
        {
            Errors.Add(FieldError.Quoted(path, "", $"{InBody(path)} must not validate the schema (not)"));
        }
    }

    private static bool Fits(JsonNode? value, SchemaNode schema)
    {
        var trial = new SchemaValidation();
        trial.Check(value, schema, "");
        return trial.Errors.Count == 0;
    }

    private static string Child(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string InBody(string path) => path.Length == 0 ? "in body" : $"{path} in body";
}
