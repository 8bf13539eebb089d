using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace DaprRollouts.Kubernetes.CustomResources;

/// <summary>
/// The custom resource definitions as YAML files. They leave out validation rules, which kubectl refuses to send to API servers before 1.25; deploy/kustomization.yaml
/// puts them in, and the CLI sends them to all, as old servers pass over what they do not know.
/// </summary>
public static class CrdManifests
{
    private const string Heading = "# Generated from the model types by 'tests/update-crds'; do not edit.\n";

    /// <summary>Each file's name and text.</summary>
    public static IEnumerable<(string FileName, string Text)> Files() =>
        CrdCatalog.All.Select(crd => ($"{crd["metadata"]!["name"]}.yaml", Heading + Text(crd)));

    /// <summary>A manifest as YAML.</summary>
    public static string Text(JsonObject manifest) => new SerializerBuilder().Build().Serialize(Plain(manifest)!).ReplaceLineEndings("\n");

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.Where(m => m.Key != CrdCatalog.ValidationRules).ToDictionary(m => m.Key, m => Plain(m.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => long.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture),
            _ => node.ToString(),
        },
    };
}
