using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine;

/// <summary>How instances begin, are held, and end.</summary>
internal static class Lifecycle
{
    private const int StartTimer = -1;

    /// <summary>Starts an instance, in place of one of the same id that has ended.</summary>
    public static Instance Start(EngineTransaction tx, string id, string name, string? input, ParentInstanceInfo? parent, DateTime? at)
    {
        if (tx.Find(id) is { } former)
        {
            if (!former.IsEnded)
            {
                throw EngineErrors.AlreadyExists(id);
            }

            tx.Store.Delete(id);
        }

        var instance = tx.Create(id);
        var started = Events.ExecutionStarted(tx.Now, id, Guid.NewGuid().ToString(), name, input, parent);
        if (at > tx.Now)
        {
            instance.ScheduledStart = at;
            started.ExecutionStarted.ScheduledStartTimestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(at.Value);
            tx.AddTimer(new DueTimer(id, 0, StartTimer, started), at.Value);
            tx.Save(instance);
        }
        else
        {
            tx.Save(instance);
            tx.Deliver(instance, started);
        }

        return instance;
    }

    /// <summary>Delivers timers that are due; those of earlier generations are void.</summary>
    public static void Fire(EngineTransaction tx, DueTimer timer)
    {
        if (tx.Find(timer.Instance) is { IsEnded: false } instance && instance.Generation == timer.Generation)
        {
            timer.Event.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(tx.Now);
            tx.Deliver(instance, timer.Event);
        }
    }

    /// <summary>Records the end of an instance, drops what it waited for, and tells its parent.</summary>
    public static void End(EngineTransaction tx, Instance instance, HistoryEvent completed)
    {
        var condemned = PendingTermination(instance) ?? instance.History.FindLast(e => e.ExecutionTerminated is not null);
        tx.AppendHistory(instance, completed);
        tx.Store.DropPending(instance.Id);
        Turns.ClearInbox(tx, instance);
        if (instance.Started?.ParentInstance is { } parent && tx.Find(parent.WorkflowInstance.InstanceId) is { IsEnded: false } waiting
            && waiting.Started?.WorkflowInstance?.ExecutionId == parent.WorkflowInstance.ExecutionId)
        {
            tx.Deliver(waiting, Events.ChildEnded(tx.Now, parent.TaskScheduledId, completed.ExecutionCompleted));
        }

        if (condemned?.ExecutionTerminated.Recurse == true)
        {
            foreach (var child in instance.Children.ToList())
            {
                if (tx.Find(child) is { IsEnded: false } running)
                {
                    tx.Deliver(running, Events.Terminated(tx.Now, condemned.ExecutionTerminated.Input, true));
                }
            }
        }
    }

    public static HistoryEvent? PendingTermination(Instance instance) => instance.Inbox.Find(e => e.Event.ExecutionTerminated is not null).Event;

    /// <summary>Ends an instance that is to be terminated; it needs no worker for that.</summary>
    public static bool ApplyTermination(EngineTransaction tx, Instance instance)
    {
        if (PendingTermination(instance) is not { } termination)
        {
            return false;
        }

        foreach (var entry in instance.Inbox.ToList())
        {
            tx.AppendHistory(instance, entry.Event);
        }

        End(tx, instance, Events.Completed(tx.Now, OrchestrationStatus.Terminated, termination.ExecutionTerminated.Input));
        tx.Save(instance);
        return true;
    }

    /// <summary>Holds an instance that is to be suspended: what arrives waits in its inbox until it is resumed.</summary>
    public static bool ApplySuspension(EngineTransaction tx, Instance instance)
    {
        if (instance.Inbox.Find(e => e.Event.ExecutionSuspended is not null) is { Event: { } suspended } entry && instance.History.Count > 0)
        {
            tx.Store.RemoveFromInbox(entry.Key);
            instance.Inbox.Remove(entry);
            tx.AppendHistory(instance, suspended);
            tx.Save(instance);
        }

        return instance.IsSuspended && !instance.Inbox.Exists(e => e.Event.ExecutionResumed is not null);
    }
}
