using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace DaprRollouts.Cli.Output;

/// <summary>Objects for programs: JSON and YAML.</summary>
internal static partial class OutputFormat
{
    public const string Json = "json";
    public const string Yaml = "yaml";
    public const string Wide = "wide";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option <c>-o</c> with the formats that a verb knows.</summary>
    public static Option<string?> Option(params string[] formats)
    {
        var option = new Option<string?>("--output", "-o") { Description = $"Output format: {string.Join(" or ", formats)}." };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>The text of an object in a format.</summary>
    public static string Text(JsonNode node, string format) =>
        format == Yaml ? new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Plain(node)!).ReplaceLineEndings("\n") : node.ToJsonString(Indented) + "\n";

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(m => m.Key, m => Plain(m.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ when node.GetValueKind() != JsonValueKind.String => new Written(node.ToJsonString(), ScalarStyle.Plain),
        _ => node.GetValue<string>() is var text && LooksOtherwise.IsMatch(text) ? new Written(text, ScalarStyle.DoubleQuoted) : text,
    };

    // Readers of YAML 1.1, such as kubectl, take these for booleans, times and numbers.
    [GeneratedRegex(@"^(y|yes|n|no|on|off|[-+]?\d[\d_:.,TtZz +-]*)$", RegexOptions.IgnoreCase)]
    private static partial Regex LooksOtherwise { get; }

    /// <summary>A scalar that is written just so.</summary>
    private sealed record Written(string Text, ScalarStyle Style) : IYamlConvertible
    {
        public void Read(IParser parser, Type expectedType, ObjectDeserializer nestedObjectDeserializer) => throw new NotSupportedException("only written");

        public void Write(IEmitter emitter, ObjectSerializer nestedObjectSerializer) =>
            emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, Text, Style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
