using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Scenarios;

/// <summary>Manifests as a tutorial shows them, with all its mistakes.</summary>
internal static class TutorialManifests
{
    // What the tutorial leaves out by "...".
    private const string Pod = """
          selector: {matchLabels: {app: api}}
          template:
            metadata: {labels: {app: api}}
            spec: {containers: [{name: api, image: "example/api:1"}]}

        """;

    /// <summary>The spec of a manifest after some replacements in its text.</summary>
    public static JsonObject Spec(string file, params (string From, string To)[] mended)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Manifests", file)).Replace("...\n", Pod);
        foreach (var (from, to) in mended)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to);
        }

        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (JsonObject)YamlJson.Of(yaml.Documents[0].RootNode)!["spec"]!.DeepClone();
    }
}
