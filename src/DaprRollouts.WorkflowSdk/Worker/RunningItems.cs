using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>The work items in progress: so many of a kind at once, the others wait their turn.</summary>
internal sealed class RunningItems(ILogger logger) : IDisposable
{
    // The engine sets the limits that matter. Turns compute; activities mostly wait.
    private readonly SemaphoreSlim _workflows = new(100);
    private readonly SemaphoreSlim _activities = new(1000);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private volatile bool _isClosed;

    public int Count => _running.Count;

    public void StartWorkflow(Func<Task> run) => Start(_workflows, run);

    public void StartActivity(Func<Task> run) => Start(_activities, run);

    /// <summary>
    /// Items that come from now on are left to others, to whom the engine hands them when the stream ends. Completes
    /// when everything that was running has ended.
    /// </summary>
    public Task CloseAsync()
    {
        _isClosed = true;
        return Task.WhenAll(_running.Keys);
    }

    public void Dispose()
    {
        _workflows.Dispose();
        _activities.Dispose();
    }

    private void Start(SemaphoreSlim limit, Func<Task> run)
    {
        if (_isClosed)
        {
            return;
        }

        var task = Task.Run(() => RunAsync(limit, run));
        _running.TryAdd(task, true);
        task.ContinueWith(
            ended => _running.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task RunAsync(SemaphoreSlim limit, Func<Task> run)
    {
        await limit.WaitAsync();
        try
        {
            await run();
        }
#pragma warning disable CA1031 // Nobody else would hear of it, and the other items must go on.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            logger.LogError(unexpected, "A work item could not be answered; the engine will hand it out again after the stream ends");
        }
        finally
        {
            limit.Release();
        }
    }
}
