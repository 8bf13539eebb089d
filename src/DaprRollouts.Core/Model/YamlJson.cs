using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Core.Model;

/// <summary>YAML as JSON, by the rules that Kubernetes reads manifests by.</summary>
public static class YamlJson
{
    // An alias stands for all that it names, so that a few lines could stand for more than any memory holds.
    private const int MostNodes = 1_000_000;

    // An alias may contain itself; and what is written as JSON again can be no deeper.
    private const int DeepestNode = 60;

    /// <exception cref="YamlException">It has too many parts, its aliases written out, or is nested too deeply.</exception>
    public static JsonNode? Of(YamlNode node)
    {
        var left = MostNodes;
        return Of(node, ref left, 0);
    }

    /// <summary>A scalar that is written without quotes.</summary>
    public static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when char.IsAsciiDigit(text.TrimStart('-', '+', '.').FirstOrDefault())
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static JsonNode? Of(YamlNode node, ref int left, int depth)
    {
        if (depth > DeepestNode)
        {
            throw new YamlException(node.Start, node.End, $"nested more than {DeepestNode} levels deep");
        }

        if (--left < 0)
        {
            throw new YamlException(node.Start, node.End, $"more than {MostNodes} nodes");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    members[(key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a key must be a text; {{...}} as a value needs quotes around it")] = Of(value, ref left, depth + 1);
                }

                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    items.Add(Of(item, ref left, depth + 1));
                }

                return items;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text }:
                return Plain(text);
            case YamlScalarNode scalar:
                return JsonValue.Create(scalar.Value);
            default:
                return null;
        }
    }
}
