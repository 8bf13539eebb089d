using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Cli.Linting;

/// <summary>One manifest of a file, with the lines of its fields.</summary>
internal sealed class ManifestDocument
{
    private readonly Dictionary<string, int> _lines = [];

    public ManifestDocument(string file, YamlMappingNode root)
    {
        (File, Root) = (file, root);
        Json = (JsonObject)YamlJson.Of(root)!;
        Note("", root);
    }

    public string File { get; }

    public YamlMappingNode Root { get; }

    /// <summary>The same as JSON.</summary>
    public JsonObject Json { get; }

    public string Kind => Json["kind"]?.ToString() ?? "";

    public string Name => (Json["metadata"] as JsonObject)?["name"]?.ToString() ?? "?";

    /// <summary>The path of a member.</summary>
    public static string Member(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A finding about a field, at its line; at that of what holds it, if it is not there.</summary>
    public LintFinding Finding(string field, string message, bool isWarning = false) => new(File, LineOf(field), field, message, isWarning);

    private int LineOf(string field)
    {
        for (var path = field; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(path, out var line))
            {
                return line;
            }
        }

        return (int)Root.Start.Line;
    }

    private void Note(string path, YamlNode node)
    {
        if (node is YamlMappingNode mapping)
        {
            foreach (var (key, value) in mapping.Children)
            {
                var member = Member(path, (key as YamlScalarNode)?.Value ?? "");
                _lines[member] = (int)key.Start.Line;
                Note(member, value);
            }
        }
        else if (node is YamlSequenceNode sequence)
        {
            for (var i = 0; i < sequence.Children.Count; i++)
            {
                _lines[$"{path}[{i}]"] = (int)sequence.Children[i].Start.Line;
                Note($"{path}[{i}]", sequence.Children[i]);
            }
        }
    }
}
