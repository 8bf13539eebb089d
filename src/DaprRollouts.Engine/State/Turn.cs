using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>A turn of an instance: what is new since the last one.</summary>
/// <param name="Events">The new events, WorkflowStarted first.</param>
/// <param name="Taken">How many entries of the inbox are among them: the oldest ones.</param>
internal sealed record Turn(IReadOnlyList<HistoryEvent> Events, int Taken)
{
    public static Turn Of(Instance instance, DateTime now) =>
        new([State.Events.WorkflowStarted(now), .. instance.Inbox.Select(e => e.Event)], instance.Inbox.Count);
}
