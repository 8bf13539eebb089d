using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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

        // What is no quantity, the API server refuses when the pod is made.
        if (type == typeof(Core.Model.IntOrString) || type == typeof(k8s.Models.IntOrString) || type == typeof(ResourceQuantity))
        {
            return new JsonObject { ["anyOf"] = new JsonArray(Typed("integer"), Typed("string")), ["x-kubernetes-int-or-string"] = true };
        }

        if (type == typeof(JsonObject))
        {
            return new JsonObject { ["type"] = "object", [Preserve] = true };
        }

        return type == typeof(JsonNode) || type == typeof(object) ? new JsonObject { [Preserve] = true } : null;
    }

    private static JsonObject? Collection(Type type)
    {
        if (type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(value) };
        }

        return type.IsGenericType && type.GetGenericArguments() is [var item] && typeof(IEnumerable).IsAssignableFrom(type)
            ? new JsonObject { ["type"] = "array", ["items"] = Of(item) }
            : null;
    }

    private static JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        var required = KubernetesFacts.Required(type).ToHashSet();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(NameOf, StringComparer.Ordinal))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always } || property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            properties[NameOf(property)] = Member(type, property);
            if (property.GetCustomAttribute<RequiredFieldAttribute>() is not null)
            {
                required.Add(NameOf(property));
            }
        }

        var schema = Typed("object");
        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]);
        }

        if (KubernetesFacts.IsAtomic(type))
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }

        return schema;
    }

    private static JsonObject Member(Type owner, PropertyInfo property)
    {
        var name = NameOf(property);
        if (KubernetesFacts.IsFree(owner, name))
        {
            return new JsonObject { [Preserve] = true };
        }

        var schema = property.GetCustomAttribute<KubernetesTypeAttribute>() is { } kubernetes
            ? Of(KubernetesTypes[kubernetes.Name])
            : property.PropertyType == typeof(V1ObjectMeta) ? Metadata() : Of(property.PropertyType);
        if (KubernetesFacts.MapKeys(owner, name) is { } keys)
        {
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]);
            schema["x-kubernetes-list-type"] = "map";
        }
        else if (KubernetesFacts.IsSet(owner, name))
        {
            schema["x-kubernetes-list-type"] = "set";
        }

        if (KubernetesFacts.IsAtomic(owner, name))
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }

        if (KubernetesFacts.Default(owner, name) is { } value)
        {
            schema["default"] = (string?)schema["type"] == "boolean" ? bool.Parse(value) : value;
        }
        else if (property.GetCustomAttribute<DefaultValueAttribute>() is { Value: string own })
        {
            schema["default"] = own;
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            schema["enum"] = new JsonArray([.. allowed.Values.Select(v => (JsonNode)(string)v!)]);
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
