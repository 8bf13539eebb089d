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
        var node = JsonObject.Create(json)!;
        List<string> unreadable = [];
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
