using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Reads a field of a Rollout by its path: metadata as the downward API does, anything else by a walk of the JSON.</summary>
internal static partial class FieldPath
{
    private static readonly char[] Separators = ['.', '[', ']'];

    /// <summary>Whether the path is one of metadata, which either can always be read or never.</summary>
    public static bool IsMetadata(string path) => path.StartsWith("metadata", StringComparison.Ordinal);

    /// <exception cref="InvalidAnalysisException">There is no such field, or it is not a single value.</exception>
    public static string Read(JsonObject rollout, string path) => IsMetadata(path) ? Metadata(rollout, path) : Walk(rollout, path);

    private static string Metadata(JsonObject rollout, string path)
    {
        var metadata = rollout["metadata"] as JsonObject ?? [];
        if (path is "metadata.name" or "metadata.namespace" or "metadata.uid")
        {
            return metadata[path["metadata.".Length..]]?.ToString() ?? "";
        }

        foreach (var map in (string[])["labels", "annotations"])
        {
            var entries = metadata[map] as JsonObject ?? [];
            var prefix = $"metadata.{map}";
            if (path == prefix)
            {
                return string.Join('\n', entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={Quoted(e.Value)}"));
            }

            if (path.StartsWith($"{prefix}['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) && path.Length > prefix.Length + 4)
            {
                var key = path[(prefix.Length + 2)..^2];
                return Key().IsMatch(key)
                    ? entries[key]?.ToString() ?? ""
                    : throw new InvalidAnalysisException($"field path \"{path}\": \"{key}\" cannot be the key of {map}");
            }
        }

        throw new InvalidAnalysisException(
            $"field path \"{path}\" is not supported: of metadata there are name, namespace, uid, labels, annotations, labels['key'] and annotations['key']");
    }

    private static string Walk(JsonObject rollout, string path)
    {
        JsonNode? node = rollout;
        foreach (var piece in path.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                JsonObject members => members[piece],
                JsonArray items => int.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count
                    ? items[index]
                    : throw new InvalidAnalysisException($"field path \"{path}\": \"{piece}\" is no index into a list of {items.Count}"),
                _ => throw new InvalidAnalysisException($"field path \"{path}\": nothing is below \"{piece}\""),
            };
        }

        return node is JsonValue value
            ? Scalar(value)
            : throw new InvalidAnalysisException($"field path \"{path}\" {(node is null ? "is not there" : "is not a single value")}");
    }

    private static string Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => GoFormat.Default(value.Deserialize<double>()),
        _ => value.ToString(),
    };

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Key();

    private static string Quoted(JsonNode? value) => JsonSerializer.Serialize(value?.ToString() ?? "", Model.ModelJson.Options);
}
