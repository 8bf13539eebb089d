using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>A timer's place in the order of timers.</summary>
internal readonly record struct TimerMark(DateTime Due, int Timer);

/// <summary>The columns of an instance that are kept beside its history and inbox, so that it can be found without reading these.</summary>
internal sealed record InstanceRow(
    OrchestrationStatus Status, int Generation, string? CustomStatus, DateTime? Ended, bool HasTasks, DateTime? AwaitsStart);

/// <summary>What of an instance has changed since it was last saved.</summary>
internal sealed class Changes
{
    /// <summary>The row as the store has it; null for an instance that it has not seen.</summary>
    public InstanceRow? SavedRow { get; set; }

    /// <summary>How many events of the history the store has.</summary>
    public int SavedEvents { get; set; }

    /// <summary>Whether what the store has of the history is void.</summary>
    public bool IsHistoryCleared { get; set; }

    public List<long> RemovedFromInbox { get; } = [];

    public List<TimerMark> AddedTimers { get; } = [];

    public List<TimerMark> RemovedTimers { get; } = [];

    /// <summary>The store has it all.</summary>
    public void Saved(InstanceRow row, int events)
    {
        (SavedRow, SavedEvents, IsHistoryCleared) = (row, events, false);
        RemovedFromInbox.Clear();
        AddedTimers.Clear();
        RemovedTimers.Clear();
    }
}
