using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>
/// Brings the JSON of a built-in kind into the form in which the API server would write it: unknown fields, nulls and empty
/// values go, quantities become canonical, and a value of the wrong type is refused.
/// </summary>
/// <param name="unknown">Takes the paths of fields that the type does not know.</param>
internal sealed class TypeCoercion(ICollection<string> unknown)
{
    public void Coerce(JsonObject content, Shape.Struct type, string path = "")
    {
        foreach (var (name, value) in content.ToArray())
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!type.Fields.TryGetValue(name, out var field))
            {
                unknown.Add(at);
            }
            if (value is null || field is null)
            {
                content.Remove(name);
                continue;
            }
            var coerced = Coerce(value, field.Shape, at);
            if (SaysNothing(coerced, field))
            {
                content.Remove(name);
            }
            else if (coerced != value)
            {
                content[name] = coerced;
            }
        }
    }

    private JsonNode Coerce(JsonNode value, Shape shape, string path)
    {
        switch (shape)
        {
            case Shape.Struct type when value is JsonObject inner:
                Coerce(inner, type, path);
                return inner;
            case Shape.Map map when value is JsonObject inner:
                foreach (var (key, item) in inner.ToArray())
                {
                    Place(item, map.Value, $"{path}.{key}", coerced => inner[key] = coerced);
                }
                return inner;
            case Shape.List list when value is JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var at = i;
                    Place(items[i], list.Item, $"{path}[{i}]", coerced => items[at] = coerced);
                }
                return items;
            case Shape.Scalar scalar:
                return CoerceScalar(value, scalar.Name, path);
            default:
                throw Mismatch(path, value);
        }
    }

    private void Place(JsonNode? item, Shape shape, string path, Action<JsonNode> put)
    {
        if (item is null)
        {
            put(shape is Shape.Scalar ? JsonValue.Create("") : new JsonObject());
            return;
        }
        var coerced = Coerce(item, shape, path);
        if (coerced != item)
        {
            put(coerced);
        }
    }

    private static JsonNode CoerceScalar(JsonNode value, string type, string path)
    {
        var kind = value.GetValueKind();
        var fits = type switch
        {
            "any" => true,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "int32" or "int64" => value.AsNumber() is not null,
            "double" => kind is JsonValueKind.Number,
            "quantity" => kind is JsonValueKind.String or JsonValueKind.Number,
            "int-or-string" => kind is JsonValueKind.String || value.AsNumber() is not null,
            _ => kind is JsonValueKind.String,
        };
        if (!fits)
        {
            throw Mismatch(path, value);
        }
        return type switch
        {
            "quantity" => Quantity.Canonical(value.ToString()) is { } text
                ? text == value.AsText() ? value : JsonValue.Create(text)
                : throw ApiFailure.BadRequest($"{path}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
            "time" => DateTimeOffset.TryParse(value.AsText(), out var time)
                ? time.Timestamp() is var written && written == value.AsText() ? value : JsonValue.Create(time.Timestamp())
                : throw ApiFailure.BadRequest($"{path}: cannot parse \"{value}\" as a time"),
            _ => value,
        };
    }

    private static bool SaysNothing(JsonNode value, FieldType field) => value switch
    {
        JsonArray list => list.Count == 0 && !field.IsRequired,
        JsonObject map => map.Count == 0 && field.Shape is Shape.Map,
        JsonValue when !field.OmitsEmpty => false,
        JsonValue scalar => scalar.AsText() == "" || scalar.AsNumber() == 0 || scalar.GetValueKind() == JsonValueKind.False,
        _ => false,
    };

    private static ApiFailure Mismatch(string path, JsonNode value) =>
        ApiFailure.BadRequest($"the object cannot be decoded: {path}: unexpected {value.GetValueKind().ToString().ToLowerInvariant()} {JsonTree.Text(value)}");
}
