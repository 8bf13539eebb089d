using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

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
    public static IReadOnlyList<JsonObject> Parse(TextReader reader)
    {
        var yaml = new YamlStream();
        yaml.Load(reader);
        return [.. yaml.Documents.Select(d => Node(d.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(m => KeyValuePair.Create(((YamlScalarNode)m.Key).Value!, Node(m.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when char.IsAsciiDigit(text.TrimStart('-', '+', '.').FirstOrDefault())
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
