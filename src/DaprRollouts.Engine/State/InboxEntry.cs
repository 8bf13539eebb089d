using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>An event that has arrived and that no turn has taken yet.</summary>
/// <param name="key">Its place in the order of arrival.</param>
/// <param name="value">The event.</param>
internal sealed class InboxEntry(long key, HistoryEvent value)
{
    public long Key => key;

    public HistoryEvent Event => value;

    /// <summary>Whether the store has it.</summary>
    public bool IsSaved { get; set; }
}
