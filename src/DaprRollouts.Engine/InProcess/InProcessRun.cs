using System.Collections.Concurrent;
using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Serving;

namespace DaprRollouts.Engine.InProcess;

/// <summary>The engine and its worker from one beginning to its end.</summary>
internal sealed record InProcessRun(EmbeddedEngine Engine, UnaryCalls Calls, WorkerLoop Worker)
{
    /// <summary>What to do about calls that have not been answered when the engine ends.</summary>
    public ConcurrentDictionary<Action, bool> Pending { get; } = new();

    /// <summary>Ends engine and worker as a process does that is killed.</summary>
    public void End()
    {
        Engine.Abandon();
        Worker.Abandon();
    }

    /// <summary>Lets callers know that their calls are lost.</summary>
    public void Announce()
    {
        foreach (var lose in Pending.Keys)
        {
            lose();
        }
    }
}
