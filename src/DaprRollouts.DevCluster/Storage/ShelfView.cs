using System.Collections.Immutable;

namespace DaprRollouts.DevCluster.Storage;

/// <summary>The objects of a type as they were together at one revision, and the place in history to go on from.</summary>
internal sealed record ShelfView(
    long Revision, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> Objects, Change Position)
{
    /// <summary>In the order of namespace and name; without a namespace, all.</summary>
    public IEnumerable<StoredObject> In(string? ns) =>
        string.IsNullOrEmpty(ns) ? Objects.Values.SelectMany(o => o.Values)
        : Objects.TryGetValue(ns, out var found) ? found.Values
        : [];
}
