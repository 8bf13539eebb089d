using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.CustomResources;

namespace DaprRollouts.Tests.Kubernetes;

/// <summary>A line about a field of a custom resource of Argo Rollouts.</summary>
internal sealed record ArgoField(string Path, string Rule)
{
    private const string FreeObject = "x-kubernetes-preserve-unknown-fields";

    /// <summary>The lines of a file about a kind, with the sections that it names put in.</summary>
    public static IEnumerable<ArgoField> Of(string kind, string file)
    {
        var sections = Sections(System.IO.Path.Combine(Repository.Root, "tests", "DaprRollouts.Tests", "Kubernetes", file));
        return Expand(sections, kind, "");
    }

    /// <summary>Our schema of the field; null if there is none, and the free object that it is below, if it is below one.</summary>
    public JsonNode? InOurs(string kind)
    {
        JsonNode? node = CrdCatalog.All.Single(c => (string?)c["spec"]!["names"]!["kind"] == kind)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"];
        foreach (var part in Path.Replace("[]", ".[]").Replace("{}", ".{}").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = part switch
            {
                "[]" => node?["items"],
                "{}" => node?["additionalProperties"],
                _ => node?["properties"]?[part],
            };
            node = next ?? ((bool?)node?[FreeObject] == true ? node : null);
        }

        return node;
    }

    /// <summary>What our schema says where Argo's has the rule.</summary>
    public string InOurs(string kind, string rule) => InOurs(kind) is not { } schema ? "no field" : rule switch
    {
        "required" => Words(schema["required"]),
        "keys" when (string?)schema["x-kubernetes-list-type"] == "map" => Words(schema["x-kubernetes-list-map-keys"]),
        "enum" => Words(schema["enum"]),
        "default" => schema["default"]?.ToString() ?? "no default",
        "rule" => (string?)schema["x-kubernetes-validations"]?[0]?["rule"] ?? "no rule",
        "set" => (string?)schema["x-kubernetes-list-type"] == "set" ? "" : "no set",
        "free" => (bool?)schema[FreeObject] == true ? "" : "not free",
        "int-or-string" => (bool?)(schema["x-kubernetes-int-or-string"] ?? schema[FreeObject]) == true ? "" : "no int-or-string",
        _ => "not so",
    };

    private static string Words(JsonNode? list) => string.Join(' ', list?.AsArray().Select(v => v!.ToString()) ?? []);

    private static Dictionary<string, List<string>> Sections(string file)
    {
        Dictionary<string, List<string>> sections = [];
        List<string> current = [];
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                sections[line[2..]] = current = [];
            }
            else if (!line.StartsWith('#'))
            {
                current.Add(line);
            }
        }

        return sections;
    }

    private static IEnumerable<ArgoField> Expand(Dictionary<string, List<string>> sections, string section, string prefix)
    {
        foreach (var words in sections[section].Select(line => line.Split(' ', 2)))
        {
            var (path, rest) = (prefix + words[0].TrimEnd('.'), words.Length == 2 ? words[1] : "");
            if (!sections.ContainsKey(rest))
            {
                yield return new ArgoField(path, rest);
                continue;
            }

            yield return new ArgoField(path, "");
            foreach (var inner in Expand(sections, rest, path))
            {
                yield return inner;
            }
        }
    }
}
