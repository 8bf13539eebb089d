using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace DaprRollouts.Cli.Output;

/// <summary>Objects for programs: JSON and YAML.</summary>
internal static class OutputFormat
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
        _ => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : new Bare(node.ToJsonString()),
    };

    // Numbers and booleans stay as they are written.
    private sealed record Bare(string Json) : IYamlConvertible
    {
        public void Read(IParser parser, Type expectedType, ObjectDeserializer nestedObjectDeserializer) => throw new NotSupportedException("only written");

        public void Write(IEmitter emitter, ObjectSerializer nestedObjectSerializer) =>
            emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, Json, ScalarStyle.Plain, true, false));
    }
}
