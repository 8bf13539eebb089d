using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DaprRollouts.Core.Model;
using k8s.Models;

namespace DaprRollouts.Kubernetes.CustomResources;

/// <summary>Makes OpenAPI schemas of our model types, and of the Kubernetes types that free objects in them hold.</summary>
internal static class SchemaGenerator
{
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";

    private static readonly Dictionary<string, Type> KubernetesTypes = new()
    {
        ["io.k8s.api.core.v1.PodTemplateSpec"] = typeof(V1PodTemplateSpec),
        ["io.k8s.api.batch.v1.JobSpec"] = typeof(V1JobSpec),
    };

    /// <summary>The schema of a type.</summary>
    public static JsonObject Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Scalar(type) ?? Collection(type) ?? Record(type);
    }

    private static JsonObject? Scalar(Type type)
    {
        if (type == typeof(string))
        {
            return Typed("string");
        }

        if (type == typeof(bool))
        {
            return Typed("boolean");
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return Typed("integer", type == typeof(int) ? "int32" : "int64");
        }

        if (type == typeof(double))
        {
            return Typed("number");
        }

        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
        {
            return Typed("string", "date-time");
        }

        if (type == typeof(byte[]))
        {
            return Typed("string", "byte");
        }

        if (type == typeof(Core.Model.IntOrString) || type == typeof(k8s.Models.IntOrString))
        {
            return new JsonObject { ["x-kubernetes-int-or-string"] = true };
        }

        // Quantities come in many spellings; what is not one, the API server refuses when the pod is made.
        return type == typeof(ResourceQuantity) || type == typeof(JsonObject) || type == typeof(JsonNode) || type == typeof(object)
            ? new JsonObject { [Preserve] = true }
            : null;
    }

    private static JsonObject? Collection(Type type)
    {
        if (type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string))
        {
            // Argo takes any amounts of resources here, written in any way.
            return value == typeof(ResourceQuantity)
                ? new JsonObject { [Preserve] = true }
                : new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(value) };
        }

        return type.IsGenericType && type.GetGenericArguments() is [var item] && typeof(IEnumerable).IsAssignableFrom(type)
            ? new JsonObject { ["type"] = "array", ["items"] = Of(item) }
            : null;
    }

    private static JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(NameOf, StringComparer.Ordinal))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always } || property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            properties[NameOf(property)] = property.GetCustomAttribute<KubernetesTypeAttribute>() is { } kubernetes
                ? Of(KubernetesTypes[kubernetes.Name])
                : property.PropertyType == typeof(V1ObjectMeta) ? Metadata() : Of(property.PropertyType);
            if (property.GetCustomAttribute<RequiredFieldAttribute>() is not null)
            {
                required.Add(NameOf(property));
            }
        }

        var schema = new JsonObject { ["type"] = "object" };
        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private static JsonObject Metadata() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["annotations"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Typed("string") },
            ["labels"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Typed("string") },
        },
        [Preserve] = true,
    };

    private static JsonObject Typed(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
