using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Patching;

/// <summary>
/// The order that $setElementOrder asks for: listed items as listed; those that only the server has keep their place
/// relative to the items before them.
/// </summary>
internal static class ListOrder
{
    public static void Set(JsonObject target, string field, JsonArray order, string? mergeKey)
    {
        if (target[field] is not JsonArray list)
        {
            return;
        }
        var wanted = order.Select(o => Identity(o, mergeKey)).ToList();
        var items = list.ToArray();
        var listed = items.Where(i => wanted.Contains(Identity(i, mergeKey))).OrderBy(i => wanted.IndexOf(Identity(i, mergeKey))).ToList();
        var result = new List<JsonNode?>(items.Length);
        // Items of the server alone stay behind the same number of listed items as before.
        var next = 0;
        foreach (var item in items)
        {
            if (wanted.Contains(Identity(item, mergeKey)))
            {
                result.Add(listed[next++]);
            }
            else
            {
                result.Add(item);
            }
        }
        list.Clear();
        foreach (var item in result)
        {
            list.Add(item);
        }
    }

    private static string Identity(JsonNode? item, string? mergeKey) =>
        JsonTree.Text(mergeKey is not null && item is JsonObject map ? map[mergeKey] : item);
}
