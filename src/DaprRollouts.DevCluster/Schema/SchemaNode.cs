using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>One node of a schema.</summary>
internal sealed class SchemaNode
{
    public string Type { get; private init; } = "";

    public string Format { get; private init; } = "";

    public bool IsNullable { get; private init; }

    public bool IsIntOrString { get; private init; }

    public bool PreservesUnknown { get; private init; }

    public bool IsEmbeddedResource { get; private init; }

    public JsonNode? Default { get; private init; }

    public JsonArray? Enum { get; private init; }

    public Regex? Pattern { get; private init; }

    public double? Minimum { get; private init; }

    public double? Maximum { get; private init; }

    public bool ExclusiveMinimum { get; private init; }

    public bool ExclusiveMaximum { get; private init; }

    public double? MultipleOf { get; private init; }

    public long? MinLength { get; private init; }

    public long? MaxLength { get; private init; }

    public long? MinItems { get; private init; }

    public long? MaxItems { get; private init; }

    public long? MinProperties { get; private init; }

    public long? MaxProperties { get; private init; }

    public IReadOnlyList<string> Required { get; private init; } = [];

    public IReadOnlyList<string> ListMapKeys { get; private init; } = [];

    public bool IsSet { get; private init; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; private init; } = new Dictionary<string, SchemaNode>();

    public SchemaNode? AdditionalProperties { get; private init; }

    /// <summary>additionalProperties: true, which keeps what is unknown.</summary>
    public bool AllowsAdditional { get; private init; }

    public SchemaNode? Items { get; private init; }

    public IReadOnlyList<SchemaNode> AllOf { get; private init; } = [];

    public IReadOnlyList<SchemaNode> AnyOf { get; private init; } = [];

    public IReadOnlyList<SchemaNode> OneOf { get; private init; } = [];

    public SchemaNode? Not { get; private init; }

    public static SchemaNode Compile(JsonObject json) => new()
    {
        Type = json.Text("type") ?? "",
        Format = json.Text("format") ?? "",
        IsNullable = json.Flag("nullable") ?? false,
        IsIntOrString = json.Flag("x-kubernetes-int-or-string") ?? false,
        PreservesUnknown = json.Flag("x-kubernetes-preserve-unknown-fields") ?? false,
        IsEmbeddedResource = json.Flag("x-kubernetes-embedded-resource") ?? false,
        Default = json["default"],
        Enum = json.Array("enum"),
        Pattern = json.Text("pattern") is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant) : null,
        Minimum = Double(json["minimum"]),
        Maximum = Double(json["maximum"]),
        ExclusiveMinimum = json.Flag("exclusiveMinimum") ?? false,
        ExclusiveMaximum = json.Flag("exclusiveMaximum") ?? false,
        MultipleOf = Double(json["multipleOf"]),
        MinLength = json.Number("minLength"),
        MaxLength = json.Number("maxLength"),
        MinItems = json.Number("minItems"),
        MaxItems = json.Number("maxItems"),
        MinProperties = json.Number("minProperties"),
        MaxProperties = json.Number("maxProperties"),
        Required = [.. json.Texts("required")],
        ListMapKeys = json.Text("x-kubernetes-list-type") == "map" ? [.. json.Texts("x-kubernetes-list-map-keys")] : [],
        IsSet = json.Text("x-kubernetes-list-type") == "set",
        Properties = (json.Object("properties") ?? [])
            .Where(p => p.Value is JsonObject).ToDictionary(p => p.Key, p => Compile((JsonObject)p.Value!)),
        AdditionalProperties = json.Object("additionalProperties") is { } additional ? Compile(additional) : null,
        AllowsAdditional = json.Flag("additionalProperties") ?? false,
        Items = json.Object("items") is { } items ? Compile(items) : null,
        AllOf = CompileAll(json, "allOf"),
        AnyOf = CompileAll(json, "anyOf"),
        OneOf = CompileAll(json, "oneOf"),
        Not = json.Object("not") is { } not ? Compile(not) : null,
    };

    public static double? Double(JsonNode? node) => node.IsNumber() ? double.Parse(JsonTree.Text(node)) : null;

    private static SchemaNode[] CompileAll(JsonObject json, string field) => [.. json.Objects(field).Select(Compile)];
}
