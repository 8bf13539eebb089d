namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Counts what controllers have yet to do, so that a test in virtual time can await that all is quiet.</summary>
internal sealed class Activity
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _idle;
    private int _pending;

    public void Begin()
    {
        lock (_lock)
        {
            _pending++;
        }
    }

    public void End()
    {
        TaskCompletionSource? idle = null;
        lock (_lock)
        {
            if (--_pending == 0)
            {
                (idle, _idle) = (_idle, null);
            }
        }
        idle?.SetResult();
    }

    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            if (_pending == 0)
            {
                return Task.CompletedTask;
            }
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
