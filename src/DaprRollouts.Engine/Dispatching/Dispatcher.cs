using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.State;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>Hands work to workers: to each no more than it can have in hand, the rest waits here.</summary>
internal sealed class Dispatcher(EngineSetting setting, Identities identities)
{
    private readonly List<WorkerStream> _streams = [];
    private readonly HashSet<string> _held = [];

    public TurnBoard Turns { get; } = new(setting.Time, setting.Order);

    public TaskBoard Tasks { get; } = new(setting.Time, setting.Order);

    /// <summary>How many workers are connected.</summary>
    public int Workers => _streams.Count;

    /// <summary>Gives an instance a turn when a worker is free, if there is anything to do for it.</summary>
    public void Consider(Instance instance)
    {
        if (instance.Status == Protocol.OrchestrationStatus.Stalled)
        {
            Hold(instance.Id);
        }
        else if (instance.IsReady)
        {
            Turns.Ready(instance.Id);
        }
    }

    /// <summary>Keeps an instance back until another worker connects: it may be one that fits.</summary>
    public void Hold(string instance) => _held.Add(instance);

    public void Connect(WorkerStream stream)
    {
        _streams.Add(stream);
        foreach (var instance in _held)
        {
            Turns.Ready(instance);
        }

        _held.Clear();
    }

    /// <summary>A worker is gone; what it has not answered goes to others.</summary>
    public void Disconnect(WorkerStream stream)
    {
        _streams.Remove(stream);
        stream.Close();
        Turns.Return(stream);
        Tasks.Return(stream);
    }

    public void GiveTurns(Session session)
    {
        while (Turns.Waiting.Count > 0 && Freest(s => s.TakesTurns, s => s.Turns) is { } stream)
        {
            if (Turns.Waiting.TryTake(out var id) && session.Find(id) is { } instance
                && (Turns.Find(id) ?? Begin(instance, session.Now)) is { } turn)
            {
                Turns.Give(turn, stream, identities.NextToken());
                stream.Send(WorkItems.Turn(instance, turn));
                EngineMetrics.Turns.Inc();
            }
        }
    }

    /// <summary>Hands out activities, which must be on record by now.</summary>
    public void GiveTasks(Session session)
    {
        foreach (var (id, task) in session.Tasks)
        {
            if (session.Find(id) is { } instance)
            {
                Tasks.Ready(new TaskKey(id, instance.ExecutionId, task));
            }
        }

        while (Tasks.Waiting.Count > 0 && Freest(s => s.TakesTasks, s => s.Tasks) is { } stream)
        {
            if (Tasks.Waiting.TryTake(out var key) && session.Find(key.Instance) is { } instance && instance.ExecutionId == key.Execution
                && instance.Calls.Unanswered(CallId.Task(key.Task)) is { } scheduled)
            {
                Tasks.Give(key, stream);
                stream.Send(WorkItems.Activity(instance, scheduled, key));
                EngineMetrics.Activities.Inc();
            }
        }
    }

    private static TurnUnderWay? Begin(Instance instance, DateTime now) =>
        instance.IsReady ? new TurnUnderWay(instance.Id, Turn.Of(instance, now)) : null;

    private WorkerStream? Freest(Predicate<WorkerStream> takes, Func<WorkerStream, int> inHand)
    {
        WorkerStream? freest = null;
        foreach (var stream in _streams)
        {
            if (takes(stream) && (freest is null || inHand(stream) < inHand(freest)))
            {
                freest = stream;
            }
        }

        return freest;
    }
}
