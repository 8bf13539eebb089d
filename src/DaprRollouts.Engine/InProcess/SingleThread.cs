namespace DaprRollouts.Engine.InProcess;

/// <summary>Runs what follows an await on the one thread that drives everything, in the order in which it became ready.</summary>
internal sealed class SingleThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly object _gate = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _ready.Enqueue((d, state));
            Monitor.Pulse(_gate);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("everything here runs on one thread");

    /// <summary>Runs the next step; false if there is none.</summary>
    public bool RunOnce()
    {
        (SendOrPostCallback Callback, object? State) step;
        lock (_gate)
        {
            if (!_ready.TryDequeue(out step))
            {
                return false;
            }
        }

        step.Callback(step.State);
        return true;
    }

    /// <summary>Waits for something that goes on outside; false if nothing comes of it in time.</summary>
    public bool Wait(TimeSpan patience)
    {
        lock (_gate)
        {
            return _ready.Count > 0 || Monitor.Wait(_gate, patience);
        }
    }
}
