namespace Dapr.Workflow.Replay;

/// <summary>Somebody in a workflow who waits for an event of one name.</summary>
internal abstract class EventWait(string name)
{
    public abstract bool IsOpen { get; }

    /// <summary>The timer that limits the wait; with the event it loses its point.</summary>
    public DurableCall? Timer { get; set; }

    public bool Expects(string eventName) => string.Equals(name, eventName, StringComparison.OrdinalIgnoreCase);

    public void Deliver(string? payload)
    {
        if (Timer is { } timer)
        {
            timer.IsGivenUp = true;
        }

        End(payload);
    }

    public abstract void Cancel();

    protected abstract void End(string? payload);
}

/// <summary>A wait whose payload is read as <typeparamref name="T"/>.</summary>
internal sealed class EventWait<T>(string name, Func<string?, T> read) : EventWait(name)
{
    // Without asynchronous continuations: workflow code runs inside the event that woke it, as at every replay.
    private readonly TaskCompletionSource<T> _arrival = new();

    public Task<T> Arrival => _arrival.Task;

    public override bool IsOpen => !_arrival.Task.IsCompleted;

    public override void Cancel() => _arrival.TrySetCanceled();

    protected override void End(string? payload) => Outcome.Set(_arrival, () => read(payload));
}
