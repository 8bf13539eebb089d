using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Patching;

/// <summary>
/// The order of a list after a strategic merge: the items of the patch in the order that it gives, and among them those that
/// only the server has, each before the first item of the patch that came after it in the live list.
/// </summary>
internal static class ListOrder
{
    /// <param name="list">The merged list.</param>
    /// <param name="live">The identities of the list before the merge, in order.</param>
    /// <param name="wanted">The identities of the patch, in order.</param>
    /// <param name="mergeKey">What tells items apart; null for plain values.</param>
    public static void Set(JsonArray list, IReadOnlyList<string> live, IReadOnlyList<string> wanted, string? mergeKey)
    {
        var items = list.Select(i => (Item: i, Id: Identity(i, mergeKey))).ToArray();
        var patched = new Queue<(JsonNode? Item, string Id)>(items.Where(i => wanted.Contains(i.Id)).OrderBy(i => wanted.IndexOf(i.Id)));
        var others = new Queue<(JsonNode? Item, string Id)>(items.Where(i => !wanted.Contains(i.Id)).OrderBy(i => live.IndexOf(i.Id)));
        list.Clear();
        while (patched.Count + others.Count > 0)
        {
            var takesOther = patched.Count == 0 || (others.Count > 0 && IsBefore(live, others.Peek().Id, patched.Peek().Id));
            list.Add((takesOther ? others : patched).Dequeue().Item);
        }
    }

    public static string[] Identities(JsonArray? items, string? mergeKey) => [.. (items ?? []).Select(i => Identity(i, mergeKey))];

    private static bool IsBefore(IReadOnlyList<string> live, string other, string patched) =>
        live.IndexOf(other) is >= 0 and var at && at < live.IndexOf(patched);

    private static int IndexOf(this IReadOnlyList<string> list, string value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == value)
            {
                return i;
            }
        }
        return -1;
    }

    private static string Identity(JsonNode? item, string? mergeKey) =>
        JsonTree.Text(mergeKey is not null && item is JsonObject map ? map[mergeKey] : item);
}
