using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Schema;
using DaprRollouts.DevCluster.Tables;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>Makes the types that a custom resource definition declares.</summary>
internal static class CustomResources
{
    public static IEnumerable<ResourceType> Of(JsonObject definition)
    {
        var spec = definition["spec"];
        var versions = spec.Objects("versions").Where(v => v.Flag("served") == true).ToArray();
        // The storage version first: it stands for the shelf.
        return versions.OrderByDescending(v => v.Flag("storage") == true).Select(v => Make(spec!, v));
    }

    private static ResourceType Make(JsonNode spec, JsonObject version)
    {
        var scale = version.Object("subresources", "scale");
        return new ResourceType
        {
            Group = spec.Text("group")!,
            Version = version.Text("name")!,
            Kind = spec.Text("names", "kind")!,
            Plural = spec.Text("names", "plural")!,
            Singular = spec.Text("names", "singular") ?? "",
            ShortNames = [.. spec.Texts("names", "shortNames")],
            Categories = [.. spec.Texts("names", "categories")],
            IsNamespaced = spec.Text("scope") == "Namespaced",
            HasStatus = version.Object("subresources", "status") is not null,
            TracksGeneration = true,
            Scale = scale is null ? null : new ScalePaths(
                Path(scale.Text("specReplicasPath")), Path(scale.Text("statusReplicasPath")),
                scale.Text("labelSelectorPath") is { } selector ? Path(selector) : null),
            Subresources = scale is null ? new Dictionary<string, string>() : new() { ["scale"] = "Scale" },
            Schema = new StructuralSchema(
                version.Object("schema", "openAPIV3Schema") ?? [], spec.Flag("preserveUnknownFields") ?? false),
            Columns = CustomColumns.Of(version),
        };
    }

    private static string[] Path(string? text) => (text ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries);
}
