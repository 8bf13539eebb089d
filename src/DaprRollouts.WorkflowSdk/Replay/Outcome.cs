namespace Dapr.Workflow.Replay;

/// <summary>Ends a task with what a function returns or throws.</summary>
internal static class Outcome
{
    public static void Set<T>(TaskCompletionSource<T> task, Func<T> read)
    {
        T value;
        try
        {
            value = read();
        }
#pragma warning disable CA1031 // A payload that cannot be read is the awaiting workflow's to handle.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            task.TrySetException(unreadable);
            return;
        }

        task.TrySetResult(value);
    }
}
