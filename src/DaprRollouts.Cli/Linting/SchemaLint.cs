using System.Globalization;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes.CustomResources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Cli.Linting;

/// <summary>Holds manifests against the schemas of their kinds: fields that nobody knows, that are missing, or of another type.</summary>
internal static class SchemaLint
{
    private static readonly Dictionary<string, JsonObject> Schemas = CrdCatalog.All.ToDictionary(
        c => c["spec"]!["names"]!["kind"]!.ToString(), c => (JsonObject)c["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!);

    /// <summary>The kinds that are checked.</summary>
    public static IReadOnlyCollection<string> Kinds => Schemas.Keys;

    public static IEnumerable<LintFinding> Check(ManifestDocument document) =>
        Schemas.TryGetValue(document.Kind, out var schema) ? Node(document, "", document.Root, schema) : [];

    private static IEnumerable<LintFinding> Node(ManifestDocument document, string path, YamlNode node, JsonObject schema)
    {
        if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: var text } && YamlJson.Plain(text ?? "") is null)
        {
            return []; // null is the same as absent
        }

        return (schema["type"]?.ToString(), node) switch
        {
            ("object", YamlMappingNode mapping) => Members(document, path, mapping, schema),
            ("array", YamlSequenceNode sequence) => sequence.Children.SelectMany((item, i) => Node(document, $"{path}[{i}]", item, (JsonObject)schema["items"]!)),
            (null, _) when schema["x-kubernetes-int-or-string"] is null => [],
            _ => Mismatch(node, schema) is { } problem ? [new LintFinding(document.File, (int)node.Start.Line, path, problem)] : [],
        };
    }

    private static IEnumerable<LintFinding> Members(ManifestDocument document, string path, YamlMappingNode mapping, JsonObject schema)
    {
        var known = schema["properties"] as JsonObject;
        foreach (var (key, value) in mapping.Children)
        {
            var name = ((YamlScalarNode)key).Value ?? "";
            var member = ManifestDocument.Member(path, name);
            var inner = known?[name] as JsonObject ?? schema["additionalProperties"] as JsonObject;
            if (inner is not null)
            {
                foreach (var finding in Node(document, member, value, inner))
                {
                    yield return finding;
                }
            }
            else if (known is not null && schema["x-kubernetes-preserve-unknown-fields"] is null)
            {
                yield return new LintFinding(document.File, (int)key.Start.Line, member, $"unknown field{DidYouMean.Hint(name, [.. known.Select(k => k.Key)])}");
            }
        }

        foreach (var name in (schema["required"] as JsonArray ?? []).Select(r => r!.ToString()))
        {
            if (!mapping.Children.ContainsKey(new YamlScalarNode(name)))
            {
                yield return new LintFinding(document.File, (int)mapping.Start.Line, ManifestDocument.Member(path, name), "this field is required, and missing");
            }
        }
    }

    private static string? Mismatch(YamlNode node, JsonObject schema)
    {
        var isNumberOrText = schema["x-kubernetes-int-or-string"] is not null;
        var wanted = isNumberOrText ? "an integer or a string" : Article(schema["type"]!.ToString());
        if (node is not YamlScalarNode scalar)
        {
            return $"must be {wanted}, not {(node is YamlMappingNode ? "a map" : "a list")}";
        }

        var value = scalar.Style == ScalarStyle.Plain ? YamlJson.Plain(scalar.Value ?? "") : JsonValue.Create(scalar.Value);
        var kind = value?.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
            System.Text.Json.JsonValueKind.Number => long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "integer" : "number",
            _ => "string",
        };
        var type = schema["type"]?.ToString();
        var fits = isNumberOrText ? kind is "integer" or "string" : kind == type || (type == "number" && kind == "integer");
        if (!fits)
        {
            return type == "string" ? $"must be a string: put quotes around {scalar.Value}" : $"must be {wanted}, not {Article(kind)} ({scalar.Value})";
        }

        return schema["enum"] is JsonArray choices && !choices.Any(c => c!.ToString() == scalar.Value)
            ? $"\"{scalar.Value}\" is not allowed{DidYouMean.Hint(scalar.Value!, [.. choices.Select(c => c!.ToString())])}"
            : null;
    }

    private static string Article(string type) => type is "integer" or "object" or "array" ? $"an {type}" : $"a {type}";
}
