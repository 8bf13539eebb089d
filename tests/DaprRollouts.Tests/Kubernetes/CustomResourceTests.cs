using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.CustomResources;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class CustomResourceTests
{
    private static string Root => Repository.Root;

    public static TheoryData<string> KindsOfArgo => ["AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment", "Rollout"];

    [Theory]
    [MemberData(nameof(KindsOfArgo))]
    public void Every_field_of_Argo_Rollouts_exists(string kind)
    {
        var sections = Sections();
        var crd = CrdCatalog.All.Single(c => (string?)c["spec"]!["names"]!["kind"] == kind);
        var schema = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

        var missing = Expand(sections, kind, "").Where(path => !Exists(schema, path)).ToList();

        Assert.Empty(missing);
    }

    [Fact]
    public void The_published_manifests_are_those_of_the_model()
    {
        var folder = Path.Combine(Root, "deploy", "crds");
        if (Environment.GetEnvironmentVariable("UPDATE_CRDS") == "1")
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in CrdManifests.Files())
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        Assert.All(CrdManifests.Files(), file => Assert.Equal(file.Text, File.ReadAllText(Path.Combine(folder, file.FileName))));
        Assert.Equal(5, Directory.GetFiles(folder, "*.yaml").Length);
    }

    private static Dictionary<string, List<string>> Sections()
    {
        Dictionary<string, List<string>> sections = [];
        List<string> current = [];
        foreach (var line in File.ReadLines(Path.Combine(Root, "tests", "DaprRollouts.Tests", "Kubernetes", "argo-field-paths.txt")))
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

    private static IEnumerable<string> Expand(Dictionary<string, List<string>> sections, string section, string prefix)
    {
        foreach (var line in sections[section])
        {
            var parts = line.Split(' ');
            yield return prefix + parts[0];
            if (parts.Length == 2)
            {
                foreach (var inner in Expand(sections, parts[1], prefix + parts[0]))
                {
                    yield return inner;
                }
            }
        }
    }

    private static bool Exists(JsonObject schema, string path)
    {
        JsonNode? node = schema;
        foreach (var part in path.Replace("[]", ".[]").Replace("{}", ".{}").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is "[]" or "{}")
            {
                node = node?[part == "[]" ? "items" : "additionalProperties"] ?? Free(node);
            }
            else
            {
                node = node?["properties"]?[part] ?? Free(node);
            }
        }

        return node is not null;
    }

    // Below a free object anything may stand.
    private static JsonNode? Free(JsonNode? node) => (bool?)node?["x-kubernetes-preserve-unknown-fields"] == true ? node : null;
}
