using Microsoft.Extensions.Logging;

namespace Dapr.Workflow;

/// <summary>Everything a workflow may do. Whatever is awaited in a workflow must come from here.</summary>
public abstract class WorkflowContext : IWorkflowContext
{
    public abstract string Name { get; }

    public abstract string InstanceId { get; }

    public abstract DateTime CurrentUtcDateTime { get; }

    public abstract bool IsReplaying { get; }

    public abstract bool IsPatched(string patchName);

    public virtual Task CallActivityAsync(string name, object? input = null, WorkflowTaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    public abstract Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null);

    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken = default) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    public abstract Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits until the event has come, or throws <see cref="TaskCanceledException"/> when the time is over.</summary>
    public virtual async Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout)
    {
        using var timer = new CancellationTokenSource();
        using var wait = new CancellationTokenSource();
        var timeIsUp = CreateTimer(timeout, timer.Token);
        var arrival = WaitForExternalEventAsync<T>(eventName, wait.Token);
        var loser = await Task.WhenAny(timeIsUp, arrival) == arrival ? timer : wait;
        Cancel(loser);
        return await arrival;
    }

    // CancelAsync would leave the workflow's thread, which replay forbids.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    public abstract void SendEvent(string instanceId, string eventName, object payload);

    public abstract void SetCustomStatus(object? customStatus);

    public abstract Task<TResult> CallChildWorkflowAsync<TResult>(
        string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null);

    public virtual Task CallChildWorkflowAsync(string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null) =>
        CallChildWorkflowAsync<object>(workflowName, input, options);

    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    public abstract ILogger CreateReplaySafeLogger(Type type);

    public abstract ILogger CreateReplaySafeLogger<T>();

    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    public abstract Guid NewGuid();

    public abstract PropagatedHistory? GetPropagatedHistory();
}
