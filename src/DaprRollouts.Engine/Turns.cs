using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine;

/// <summary>Gives instances their turns, one at a time each, and takes in what a worker answers.</summary>
internal static class Turns
{
    /// <summary>Begins a turn if something has arrived and none is under way. A suspended instance waits until it is resumed.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="revive">Whether to try a stalled instance again, as there is a new worker.</param>
    public static void Begin(EngineTransaction tx, Instance instance, bool revive = false)
    {
        if (instance.Turn is not null || instance.Inbox.Count == 0 || (instance.Status == OrchestrationStatus.Stalled && !revive))
        {
            return;
        }

        if (instance.IsEnded)
        {
            ClearInbox(tx, instance);
            return;
        }

        if (Lifecycle.ApplyTermination(tx, instance) || Lifecycle.ApplySuspension(tx, instance))
        {
            return;
        }

        List<InboxEntry> taken = [.. instance.Inbox];
        List<HistoryEvent> events = [Events.WorkflowStarted(tx.Now), .. Deduplication.Fresh(instance, taken)];
        if (events.Count == 1)
        {
            ClearInbox(tx, instance);
            return;
        }

        instance.Turn = new Turn(Guid.NewGuid().ToString("N"), events, taken);
        tx.Work.Add(WorkTicket.ForTurn(instance));
    }

    /// <summary>Takes in the answer to a turn. One to a turn that is not under way is dropped: it was answered before.</summary>
    public static void Complete(EngineTransaction tx, WorkflowResponse response)
    {
        var instance = tx.Get(response.InstanceId);
        if (instance.Turn is not { } turn || (response.CompletionToken.Length > 0 && response.CompletionToken != turn.Token))
        {
            return;
        }

        instance.Turn = null;
        foreach (var entry in turn.Taken)
        {
            tx.Store.RemoveFromInbox(entry.Key);
        }

        var taken = turn.Taken.Select(e => e.Key).ToHashSet();
        instance.Inbox.RemoveAll(e => taken.Contains(e.Key));

        TurnAnswer.Apply(tx, instance, turn, response);
        tx.Save(instance);
        Begin(tx, instance);
    }

    /// <summary>Puts an instance's turn back, as its worker is gone.</summary>
    public static void Return(EngineTransaction tx, string id)
    {
        if (tx.Find(id) is { Turn: not null } instance)
        {
            instance.Turn = null;
            Begin(tx, instance);
        }
    }

    public static void ClearInbox(EngineTransaction tx, Instance instance)
    {
        foreach (var entry in instance.Inbox)
        {
            tx.Store.RemoveFromInbox(entry.Key);
        }

        instance.Inbox.Clear();
    }
}
