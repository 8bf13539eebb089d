using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>One page of a list, as of one revision.</summary>
internal sealed record Listing(long Revision, IReadOnlyList<StoredObject> Items, string? Continue, int? Remaining)
{
    private const string ContinueExpired =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.";

    public static Listing Of(ObjectStore store, ResourceType type, Selection selection, ListQuery query)
    {
        var view = ViewFor(store, store.ShelfOf(type.ShelfName), query);
        var items = selection.From(view);
        if (query.After is { } after)
        {
            items = items.SkipWhile(i => Compare(i.Key, new ObjectKey(after.Namespace, after.Name)) <= 0);
        }
        var all = items.ToList();
        if (query.Limit == 0 || all.Count <= query.Limit)
        {
            return new Listing(view.Revision, all, null, 0);
        }
        var last = all[query.Limit - 1].Key;
        return new Listing(
            view.Revision, all.GetRange(0, query.Limit), ListQuery.Token(view.Revision, last.Namespace, last.Name),
            // Kubernetes does not count what it has not looked at yet.
            selection.IsEverything ? all.Count - query.Limit : null);
    }

    public JsonObject Metadata
    {
        get
        {
            var metadata = new JsonObject { ["resourceVersion"] = Revision.ToString() };
            if (Continue is not null)
            {
                metadata["continue"] = Continue;
                metadata.SetOrRemove("remainingItemCount", Remaining);
            }
            return metadata;
        }
    }

    private static ShelfView ViewFor(ObjectStore store, Shelf shelf, ListQuery query)
    {
        if (query.After is { } after)
        {
            return store.ViewAt(shelf, after.Revision) ?? throw ApiFailure.Expired(ContinueExpired);
        }
        if (query.Revision is { } revision && revision > store.Revision)
        {
            throw new ApiFailure(
                504, "Timeout", $"Too large resource version: {revision}, current: {store.Revision}",
                new JsonObject
                {
                    ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                    ["retryAfterSeconds"] = 1,
                });
        }
        // As in Kubernetes, a limit makes a bare resourceVersion exact.
        var isExact = query.Match == "Exact" || (query is { Match: "", Limit: > 0, Revision: > 0 });
        return isExact
            ? store.ViewAt(shelf, query.Revision!.Value) ?? throw ApiFailure.Expired($"The resourceVersion for the provided list is too old: {query.Revision}.")
            : store.View(shelf);
    }

    private static int Compare(ObjectKey left, ObjectKey right)
    {
        var order = string.CompareOrdinal(left.Namespace, right.Namespace);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}
