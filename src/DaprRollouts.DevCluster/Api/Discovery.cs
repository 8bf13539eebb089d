using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Tells clients what is served.</summary>
internal sealed class Discovery(ApiCatalog catalog)
{
    private static readonly string[] ObjectVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] VerbsWithoutDeleteCollection = [.. ObjectVerbs.Where(v => v != "deletecollection")];

    public static JsonObject Version { get; } = new()
    {
        ["major"] = "1",
        ["minor"] = "30",
        ["gitVersion"] = "v1.30.0+devcluster",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2024-04-17T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };

    public static JsonObject CoreVersions { get; } = new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    public JsonObject Groups => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.Groups.Select(g => (JsonNode)Describe(g))]),
    };

    public JsonObject Paths => new()
    {
        ["paths"] = JsonTree.Strings(
        [
            "/api", "/api/v1", "/apis", .. catalog.Groups.Select(g => $"/apis/{g}"),
            .. catalog.All.Where(t => t.Group.Length > 0).Select(t => $"/apis/{t.GroupVersion}").Distinct(),
            "/healthz", "/livez", "/openapi/v2", "/readyz", "/version",
        ]),
    };

    public JsonObject? Group(string group)
    {
        if (!catalog.Groups.Contains(group))
        {
            return null;
        }
        var description = Describe(group);
        description["kind"] = "APIGroup";
        description["apiVersion"] = "v1";
        return description;
    }

    public JsonObject? Resources(string group, string version)
    {
        var types = catalog.All.Where(t => t.Group == group && t.Version == version).ToArray();
        if (types.Length == 0)
        {
            return null;
        }
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. types.SelectMany(Describe)]),
        };
    }

    private JsonObject Describe(string group)
    {
        JsonObject Version(string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
        var versions = catalog.VersionsOf(group);
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(v => (JsonNode)Version(v))]),
            ["preferredVersion"] = Version(versions[0]),
        };
    }

    private static IEnumerable<JsonNode> Describe(ResourceType type)
    {
        var verbs = type.Plural is "namespaces" or "services" ? VerbsWithoutDeleteCollection : ObjectVerbs;
        var description = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.IsNamespaced,
            ["kind"] = type.Kind,
            ["verbs"] = JsonTree.Strings(verbs),
        };
        description.SetOrRemove("shortNames", JsonTree.Strings(type.ShortNames));
        description.SetOrRemove("categories", JsonTree.Strings(type.Categories));
        yield return description;
        if (type.HasStatus)
        {
            yield return Subresource(type, "status", type.Kind, "", "", ["get", "patch", "update"]);
        }
        foreach (var (name, kind) in type.Subresources)
        {
            yield return name switch
            {
                "scale" => Subresource(type, name, kind, "autoscaling", "v1", ["get", "patch", "update"]),
                "eviction" => Subresource(type, name, kind, "policy", "v1", ["create"]),
                "log" => Subresource(type, name, kind, "", "", ["get"]),
                "finalize" => Subresource(type, name, kind, "", "", ["update"]),
                _ => Subresource(type, name, kind, "", "", ["create"]),
            };
        }
    }

    private static JsonObject Subresource(ResourceType type, string name, string kind, string group, string version, string[] verbs)
    {
        var description = new JsonObject
        {
            ["name"] = $"{type.Plural}/{name}",
            ["singularName"] = "",
            ["namespaced"] = type.IsNamespaced,
        };
        if (version.Length > 0)
        {
            description["group"] = group;
            description["version"] = version;
        }
        description["kind"] = kind;
        description["verbs"] = JsonTree.Strings(verbs);
        return description;
    }
}
