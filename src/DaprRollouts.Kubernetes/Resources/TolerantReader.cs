using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>
/// Reads objects whose schema may have let mistakes through: a member that cannot be read is left out and reported, so that one bad manifest stops neither
/// a watch nor the rollouts beside it.
/// </summary>
public static class TolerantReader
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
        var node = JsonObject.Create(json)!;
        List<string> unreadable = [];
        while (true)
        {
            try
            {
                var read = node.Deserialize<T>(ModelJson.Options)!;
                read.Unreadable = unreadable;
                return read;
            }
            catch (JsonException e) when (e.Path is { } path && Remove(node, path) is { } removed)
            {
                unreadable.Add($"{path.TrimStart('$', '.')}: Invalid value: {removed}: {Expected(e)}");
            }
        }
    }

    // The path is of the form $.spec.strategy.canary.steps[0].setWeight.
    private static string? Remove(JsonObject root, string path)
    {
        JsonNode? parent = null;
        JsonNode? node = root;
        string last = "";
        foreach (var part in path.TrimStart('$').Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            parent = node;
            last = part.Trim('\'');
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
}
