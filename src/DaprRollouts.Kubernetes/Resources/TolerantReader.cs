using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>
/// Reads objects whose schema may have let mistakes through: a member that cannot be read is left out and reported, so that one bad manifest stops neither
/// a watch nor the rollouts beside it.
/// </summary>
public static partial class TolerantReader
{
    // No field with a meaning lies so deep, and what goes down a tree by calling itself must not go on for ever.
    private const int DeepestMember = 60;

    /// <summary>Reads an object.</summary>
    public static T Read<T>(JsonElement json)
        where T : ClusterObject
    {
        try
        {
            return json.Deserialize<T>(ModelJson.Options)!;
        }
        catch (JsonException)
        {
            return ReadWithoutBadMembers<T>(json);
        }
    }

    private static T ReadWithoutBadMembers<T>(JsonElement json)
        where T : ClusterObject
    {
        // Bytes again after each cut: the paths of errors are only told when reading text.
        List<string> unreadable = [];
        var node = (JsonObject)Shallow(json, "", 0, unreadable)!;
        while (true)
        {
            try
            {
                var read = JsonSerializer.Deserialize<T>(node.ToJsonString(ModelJson.Options), ModelJson.Options)!;
                read.Unreadable = unreadable;
                return read;
            }
            catch (JsonException e)
            {
                var path = e.Path ?? "$";
                if ((Remove(node, path) ?? Remove(node, "$.status") ?? Remove(node, "$.spec")) is not { } removed)
                {
                    throw;
                }

                unreadable.Add($"{path.TrimStart('$', '.')}: Invalid value: {removed}: {Expected(e)}");
            }
        }
    }

    private static JsonNode? Shallow(JsonElement json, string path, int depth, List<string> unreadable)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > DeepestMember:
                unreadable.Add($"{path.TrimStart('.')}: Invalid value: nested more than {DeepestMember} levels deep");
                return null;
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in json.EnumerateObject())
                {
                    members[member.Name] = Shallow(member.Value, $"{path}.{member.Name}", depth + 1, unreadable);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. json.EnumerateArray().Select((item, i) => Shallow(item, $"{path}[{i}]", depth + 1, unreadable))]);
            default:
                return JsonValue.Create(json);
        }
    }

    private static string? Remove(JsonObject root, string path)
    {
        JsonNode? parent = null;
        JsonNode? node = root;
        string last = "";
        foreach (Match part in PathPart().Matches(path))
        {
            parent = node;
            last = part.Groups["name"].Value;
            node = parent switch
            {
                JsonObject members => members[last],
                JsonArray items when int.TryParse(last, out var index) && index < items.Count => items[index],
                _ => null,
            };
        }

        var text = node?.ToJsonString() ?? "null";
        switch (parent)
        {
            case JsonObject members when members.Remove(last):
                return text;
            case JsonArray items when int.TryParse(last, out var index) && index < items.Count:
                items.RemoveAt(index);
                return text;
            default:
                return null;
        }
    }

    private static string Expected(JsonException e) =>
        e.InnerException?.Message ?? e.Message.Split(" Path:")[0];

    // Paths are of the form $.metadata.annotations['a.b/c'] or $.spec.strategy.canary.steps[0].setWeight.
    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\['(?<name>[^']*)'\]|\[(?<name>\d+)\]")]
    private static partial Regex PathPart();
}
