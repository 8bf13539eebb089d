using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing;

/// <summary>A kind of object by which a product routes traffic.</summary>
/// <param name="Group">The API group.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Versions">The versions that will do, the preferred one first.</param>
public sealed record RouteKind(string Group, string Plural, string Kind, params IReadOnlyList<string> Versions)
{
    /// <summary>Its name in messages, as Kubernetes writes it.</summary>
    public string FullName => $"{Plural}.{Group}";
}

/// <summary>One object of such a kind.</summary>
public sealed record RouteObject(RouteKind Kind, string Namespace, string Name);

/// <summary>The objects that a router works on: by name, or all with certain labels.</summary>
public sealed record RouterReads(IReadOnlyList<RouteObject> Objects, params IReadOnlyList<RouteSelection> Selections);

/// <summary>All objects of a kind in a namespace that a selector fits.</summary>
public sealed record RouteSelection(RouteKind Kind, string Namespace, LabelSelector Selector);

/// <summary>The routing objects as they are in the cluster.</summary>
public sealed class RouteObjects
{
    /// <summary>No objects.</summary>
    public static readonly RouteObjects None = new([], []);

    /// <summary>Objects that may be there, but that nobody has looked at.</summary>
    public static readonly RouteObjects Unseen = new([], []);

    private readonly Dictionary<RouteObject, JsonObject> _objects;
    private readonly Dictionary<RouteKind, string> _versions;

    /// <summary>Takes objects.</summary>
    /// <param name="objects">Each object as the API server has it.</param>
    /// <param name="versions">The version in which the server offers each kind.</param>
    public RouteObjects(IEnumerable<KeyValuePair<RouteObject, JsonObject>> objects, IEnumerable<KeyValuePair<RouteKind, string>> versions) =>
        (_objects, _versions) = (new(objects), new(versions));

    /// <summary>All objects.</summary>
    public IReadOnlyDictionary<RouteObject, JsonObject> All => _objects;

    /// <summary>The object, or null if it is not there.</summary>
    public JsonObject? Find(RouteObject which) => _objects.GetValueOrDefault(which);

    /// <summary>The objects that a selection takes in, by name.</summary>
    public IEnumerable<RouteObject> Matching(RouteSelection selection) =>
        _objects
            .Where(o => o.Key.Kind == selection.Kind && o.Key.Namespace == selection.Namespace && Selectors.Match(selection.Selector, Labels(o.Value)))
            .Select(o => o.Key)
            .OrderBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>The version in which the server offers a kind.</summary>
    public string Version(RouteKind kind) => _versions.GetValueOrDefault(kind) ?? kind.Versions[0];

    /// <summary>Whether any of the objects sends traffic to the pods of a revision by naming its pod template hash.</summary>
    public bool Mention(string hash) => _objects.Values.Any(o => Mentions(o["spec"], hash));

    private static bool Mentions(JsonNode? node, string hash) => node switch
    {
        JsonObject members => members.Any(m => m.Key == ArgoNames.PodTemplateHash ? m.Value?.ToString() == hash : Mentions(m.Value, hash)),
        JsonArray items => items.Any(i => Mentions(i, hash)),
        _ => false,
    };

    private static Dictionary<string, string> Labels(JsonObject value) =>
        (value["metadata"]?["labels"] as JsonObject ?? []).ToDictionary(l => l.Key, l => l.Value?.ToString() ?? "");
}
