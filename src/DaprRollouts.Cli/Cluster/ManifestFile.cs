using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using YamlDotNet.Core;

namespace DaprRollouts.Cli.Cluster;

/// <summary>Reads manifests: YAML, several documents in a file, or JSON, which is YAML too.</summary>
internal static class ManifestFile
{
    /// <summary>The objects in a file; <c>-</c> is standard input.</summary>
    public static IReadOnlyList<JsonObject> Read(string path)
    {
        if (path != "-" && !File.Exists(path))
        {
            throw new CommandException($"the file {path} does not exist");
        }

        try
        {
            using var reader = path == "-" ? Console.In : File.OpenText(path);
            return Parse(reader);
        }
        catch (YamlException e)
        {
            throw new CommandException($"{path}:{e.Start.Line}:{e.Start.Column}: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>The objects in a text.</summary>
    public static IReadOnlyList<JsonObject> Parse(TextReader reader) =>
        [.. YamlText.Documents(reader).Select(d => YamlJson.Of(d.RootNode)).OfType<JsonObject>()];
}
