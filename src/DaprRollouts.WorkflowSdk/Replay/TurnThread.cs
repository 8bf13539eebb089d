namespace Dapr.Workflow.Replay;

/// <summary>
/// The thread that a turn runs on. Workflow code that turns up anywhere else has awaited something that is not in the
/// history: it must not touch the turn, and the instance cannot be trusted to replay.
/// </summary>
internal sealed class TurnThread
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _isOver;
    private volatile bool _wasLeft;

    /// <summary>Workflow code has been seen on another thread.</summary>
    public bool WasLeft => _wasLeft;

    /// <summary>False for callers from elsewhere, which is remembered, and after the end of the turn.</summary>
    public bool IsHere()
    {
        if (!_isOver && Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        _wasLeft = true;
        return false;
    }

    public void Demand()
    {
        if (!IsHere())
        {
            throw new InvalidOperationException(FailureTypes.NonDurableAwaitMessage);
        }
    }

    public void End() => _isOver = true;
}
