namespace DaprRollouts.DevCluster.Storage;

internal enum ChangeKind
{
    Origin,
    Added,
    Modified,
    Deleted,
}

/// <summary>
/// One link of a shelf's history. Each watcher walks the chain at its own pace and awaits the next link, so that a change
/// costs the same however many watch, and the garbage collector forgets what the slowest has seen.
/// </summary>
internal sealed class Change(long revision, ChangeKind kind, StoredObject? current, StoredObject? previous)
{
    // Watchers go on in threads of their own, not in the writer's.
    private readonly TaskCompletionSource<Change> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Revision => revision;

    public ChangeKind Kind => kind;

    /// <summary>The object after the change; for a deletion, as it was at the end.</summary>
    public StoredObject Object => current ?? throw new InvalidOperationException("the origin of a history is no change");

    public StoredObject? Previous => previous;

    public Task<Change> Next => _next.Task;

    public void Append(Change next) => _next.SetResult(next);
}
