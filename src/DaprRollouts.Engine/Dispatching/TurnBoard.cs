using DaprRollouts.Engine.State;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>A turn that a worker has been given.</summary>
internal sealed class TurnUnderWay(string instance, Turn turn)
{
    public string Instance => instance;

    public Turn Turn => turn;

    /// <summary>Identifies this handing out of the turn.</summary>
    public string Token { get; set; } = "";

    /// <summary>Who has it; null while it waits to be handed out again.</summary>
    public WorkerStream? Stream { get; set; }
}

/// <summary>
/// The turns that wait and the turns that workers have: one at most of each instance. A turn that is handed out again stays the same, so that an answer to the first
/// handing out, from a worker that names no token, is an answer to the second.
/// </summary>
internal sealed class TurnBoard(TimeProvider time, Random? order)
{
    private readonly Dictionary<string, TurnUnderWay> _underWay = [];

    /// <summary>The instances that a worker could do something for.</summary>
    public WaitingLine<string> Waiting { get; } = new(time, order);

    public int UnderWay => _underWay.Count;

    public bool IsUnderWay(string instance) => _underWay.ContainsKey(instance);

    public TurnUnderWay? Find(string instance) => _underWay.GetValueOrDefault(instance);

    /// <summary>Notes that an instance is ready for a turn; it gets none while one is under way.</summary>
    public void Ready(string instance)
    {
        if (!_underWay.ContainsKey(instance))
        {
            Waiting.Add(instance);
        }
    }

    public void Give(TurnUnderWay turn, WorkerStream stream, string token)
    {
        (turn.Stream, turn.Token) = (stream, token);
        stream.Turns++;
        _underWay[turn.Instance] = turn;
    }

    /// <summary>Ends a turn, whether it has been answered or is void.</summary>
    public void End(string instance)
    {
        if (_underWay.Remove(instance, out var turn) && turn.Stream is { } stream)
        {
            stream.Turns--;
        }

        Waiting.Remove(instance);
    }

    /// <summary>A worker is gone: its turns wait again.</summary>
    public void Return(WorkerStream stream)
    {
        foreach (var turn in _underWay.Values.Where(t => t.Stream == stream))
        {
            turn.Stream = null;
            Waiting.Add(turn.Instance);
        }
    }
}
