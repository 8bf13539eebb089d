using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.OpenApi;

/// <summary>The schemas of all kinds that are served, as definitions of an OpenAPI 2 document.</summary>
internal static class SchemaDefinitions
{
    private const string KindExtension = "x-kubernetes-group-version-kind";
    private const string ObjectMeta = "meta.v1.ObjectMeta";

    private static readonly Lazy<JsonObject> BuiltIn = new(BuildBuiltIn);

    public static JsonObject Of(ApiCatalog catalog)
    {
        var definitions = JsonTree.Copy(BuiltIn.Value);
        foreach (var type in catalog.All)
        {
            var name = type.Shape is { } shape ? NameOf(shape.Name) : NameOf(type);
            if (type.Schema is { } schema)
            {
                definitions[name] = OfCustom(schema.OpenApi);
            }
            var kinds = definitions[name].Array(KindExtension) ?? [];
            kinds.Add((JsonNode)new JsonObject { ["group"] = type.Group, ["kind"] = type.Kind, ["version"] = type.Version });
            if (kinds.Parent is null)
            {
                definitions.Ensure(name)[KindExtension] = kinds;
            }
        }
        return definitions;
    }

    private static JsonObject BuildBuiltIn()
    {
        var definitions = new JsonObject();
        foreach (var type in TypeTable.Kubernetes.Types)
        {
            var definition = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(type.Fields.Values.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)OfField(f)))),
            };
            definition.SetOrRemove("required", JsonTree.Strings(type.Fields.Values.Where(f => f.IsRequired).Select(f => f.Name)));
            definitions[NameOf(type.Name)] = definition;
        }
        return definitions;
    }

    private static JsonObject OfField(FieldType field)
    {
        var schema = OfShape(field.Shape);
        var strategies = new List<string>();
        if (field.MergesItems)
        {
            strategies.Add("merge");
        }
        if (field.RetainsKeys)
        {
            strategies.Add("retainKeys");
        }
        schema.SetOrRemove("x-kubernetes-patch-strategy", string.Join(',', strategies));
        schema.SetOrRemove("x-kubernetes-patch-merge-key", field.MergeKey);
        return schema;
    }

    private static JsonObject OfShape(Shape shape) => shape switch
    {
        Shape.Struct type => new JsonObject { ["$ref"] = $"#/definitions/{NameOf(type.Name)}" },
        Shape.List list => new JsonObject { ["type"] = "array", ["items"] = OfShape(list.Item) },
        Shape.Map map => new JsonObject { ["type"] = "object", ["additionalProperties"] = OfShape(map.Value) },
        Shape.Scalar scalar => OfScalar(scalar.Name),
        _ => [],
    };

    private static JsonObject OfScalar(string type) => type switch
    {
        "any" => [],
        "boolean" => new JsonObject { ["type"] = "boolean" },
        "int32" or "int64" => new JsonObject { ["type"] = "integer", ["format"] = type },
        "double" => new JsonObject { ["type"] = "number", ["format"] = type },
        "bytes" => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        "time" or "micro-time" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "int-or-string" => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject OfCustom(JsonObject openApi)
    {
        var schema = CustomSchemaConversion.ToVersion2(openApi);
        var properties = schema.Ensure("properties");
        properties["apiVersion"] = OfScalar("string");
        properties["kind"] = OfScalar("string");
        properties["metadata"] = OfShape(TypeTable.Kubernetes.OfType(ObjectMeta));
        return schema;
    }

    private static string NameOf(string type) => type.Split('.')[0] switch
    {
        "meta" => $"io.k8s.apimachinery.pkg.apis.{type}",
        "apiextensions" => $"io.k8s.apiextensions-apiserver.pkg.apis.{type}",
        "apiregistration" => $"io.k8s.kube-aggregator.pkg.apis.{type}",
        _ => $"io.k8s.api.{type}",
    };

    private static string NameOf(ResourceType type) => string.Join('.', type.Group.Split('.').Reverse().Append(type.Version).Append(type.Kind));
}
