using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing;

/// <summary>Reading and writing of routing objects as JSON.</summary>
internal static class RouteJson
{
    /// <summary>The objects in a list; nothing if there is no list.</summary>
    public static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    public static string Text(JsonNode? node) => node?.ToString() ?? "";

    /// <summary>A number, 0 if it is missing or none.</summary>
    public static int Number(JsonNode? node) => int.TryParse(node?.ToString(), out var number) ? number : 0;

    /// <summary>The member of an object, made if it is missing.</summary>
    public static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member)
        {
            parent[name] = member = [];
        }

        return member;
    }

    /// <summary>Removes what fits; true if anything did.</summary>
    public static bool RemoveAll(JsonArray list, Func<JsonNode?, bool> fits)
    {
        var removed = false;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (fits(list[i]))
            {
                list.RemoveAt(i);
                removed = true;
            }
        }

        return removed;
    }

    /// <summary>
    /// Whether an object already says all that is wanted. It may say more: servers add defaults and others add members of their own.
    /// </summary>
    public static bool Covers(JsonNode? actual, JsonNode? wanted) => (actual, wanted) switch
    {
        (_, null) => true,
        (JsonObject a, JsonObject w) => w.All(m => Covers(a[m.Key], m.Value)),
        (JsonArray a, JsonArray w) => a.Count == w.Count && a.Zip(w).All(p => Covers(p.First, p.Second)),
        _ => JsonNode.DeepEquals(actual, wanted),
    };

    /// <summary>A copy to change, and the change that it makes, if it makes any.</summary>
    public static IEnumerable<RouteChange> Changed(RouteObject which, JsonObject before, Action<JsonObject> change, Func<Notice>? notice = null)
    {
        var after = (JsonObject)before.DeepClone();
        change(after);
        if (!JsonNode.DeepEquals(before, after))
        {
            yield return new RouteChange(which, before, after, notice?.Invoke());
        }
    }

    /// <summary>The reference by which an object belongs to a Rollout.</summary>
    public static JsonArray OwnedBy(RolloutView rollout) =>
    [
        new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Rollout",
            ["name"] = rollout.Name,
            ["uid"] = rollout.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        },
    ];

    /// <summary>Whether an object belongs to a Rollout.</summary>
    public static bool IsOwnedBy(JsonObject value, RolloutView rollout) =>
        Items(value["metadata"]?["ownerReferences"]).Any(o => Text(o["uid"]) == rollout.Uid && Text(o["controller"]) == "true");

    /// <summary>The object, which must be there.</summary>
    public static JsonObject Required(RouteObjects objects, RouteObject which, string reason = Reason.TrafficRoutingError) =>
        objects.Find(which) ?? throw new RoutingException($"{which.Kind.FullName} \"{which.Name}\" not found in namespace {which.Namespace}", reason);

    /// <summary>A name for a made object: the base is cut so that the suffix fits into what Kubernetes allows.</summary>
    public static string CanaryName(string name)
    {
        const int Longest = 246;
        return (name.Length > Longest ? name[..Longest] : name) + "-canary";
    }
}
