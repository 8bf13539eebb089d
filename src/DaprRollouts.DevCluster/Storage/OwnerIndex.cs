namespace DaprRollouts.DevCluster.Storage;

/// <summary>Who depends on an owner, by the owner's uid, over all types.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<string, HashSet<(Shelf Shelf, ObjectKey Key)>> _dependents = [];

    public void Record(Shelf shelf, Change change)
    {
        if (change.Previous is { Owners.Length: > 0 } previous)
        {
            foreach (var owner in previous.Owners)
            {
                Remove(owner.Uid, (shelf, previous.Key));
            }
        }
        if (change.Kind != ChangeKind.Deleted)
        {
            foreach (var owner in change.Object.Owners)
            {
                if (!_dependents.TryGetValue(owner.Uid, out var keys))
                {
                    _dependents[owner.Uid] = keys = [];
                }
                keys.Add((shelf, change.Object.Key));
            }
        }
    }

    public IEnumerable<(Shelf Shelf, ObjectKey Key)> DependentsOf(string uid) => _dependents.GetValueOrDefault(uid) ?? [];

    private void Remove(string uid, (Shelf, ObjectKey) dependent)
    {
        if (_dependents.TryGetValue(uid, out var keys) && keys.Remove(dependent) && keys.Count == 0)
        {
            _dependents.Remove(uid);
        }
    }
}
