namespace DaprRollouts.Kubernetes.Watching;

/// <summary>The objects of a cache by a key that several may share.</summary>
internal sealed class ResourceIndex<T>(Func<T, string?> keyOf)
    where T : class
{
    private readonly Dictionary<string, HashSet<T>> _entries = [];

    public IReadOnlyCollection<T> Get(string key) => _entries.TryGetValue(key, out var objects) ? [.. objects] : [];

    public void Replace(T? old, T? value)
    {
        if (old is not null && keyOf(old) is { } before && _entries.TryGetValue(before, out var left))
        {
            left.Remove(old);
            if (left.Count == 0)
            {
                _entries.Remove(before);
            }
        }

        if (value is not null && keyOf(value) is { } now)
        {
            if (!_entries.TryGetValue(now, out var set))
            {
                _entries[now] = set = new HashSet<T>(ReferenceEqualityComparer.Instance);
            }

            set.Add(value);
        }
    }
}
