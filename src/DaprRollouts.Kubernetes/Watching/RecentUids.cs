namespace DaprRollouts.Kubernetes.Watching;

/// <summary>
/// The uids of objects that were deleted last. A late answer to a write of ours could bring such an object back; as many are remembered as could be under way.
/// </summary>
internal sealed class RecentUids
{
    private const int Remembered = 4096;

    private readonly HashSet<string> _uids = [];
    private readonly Queue<string> _inOrder = new();

    public bool Contains(string? uid) => uid is not null && _uids.Contains(uid);

    public void Add(string? uid)
    {
        if (uid is null || !_uids.Add(uid))
        {
            return;
        }

        _inOrder.Enqueue(uid);
        if (_inOrder.Count > Remembered)
        {
            _uids.Remove(_inOrder.Dequeue());
        }
    }
}
