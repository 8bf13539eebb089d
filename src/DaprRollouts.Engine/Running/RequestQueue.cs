namespace DaprRollouts.Engine.Running;

/// <summary>What has been asked of the engine and not been taken up yet.</summary>
internal sealed class RequestQueue
{
    private readonly object _gate = new();
    private List<Request> _waiting = [];
    private bool _isClosed;

    /// <summary>Adds a request; false if no more are taken.</summary>
    public bool TryAdd(Request request)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _waiting.Add(request);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Takes all that waits; may be nothing.</summary>
    public IReadOnlyList<Request> Take()
    {
        lock (_gate)
        {
            return Swap();
        }
    }

    /// <summary>Takes all that waits, and waits for it if there is nothing; null when the queue is closed and empty.</summary>
    public IReadOnlyList<Request>? TakeOrWait()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            return Swap();
        }
    }

    /// <summary>Waits until something is asked; false if nothing is in time.</summary>
    public bool Wait(TimeSpan patience)
    {
        lock (_gate)
        {
            return _waiting.Count > 0 || Monitor.Wait(_gate, patience);
        }
    }

    /// <summary>Takes no more; what waits is still taken up.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private List<Request> Swap()
    {
        var taken = _waiting;
        _waiting = [];
        return taken;
    }
}
