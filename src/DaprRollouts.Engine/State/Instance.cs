using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>
/// One workflow instance: its history, what has arrived since (its inbox), and what follows from these. It changes itself only, and knows no clock and no store.
/// </summary>
internal sealed class Instance(string id, long key)
{
    private readonly List<HistoryEvent> _history = [];
    private readonly List<InboxEntry> _inbox = [];
    private readonly OpenCalls _calls = new();
    private readonly List<string> _patches = [];
    private HistoryEvent? _recordedStart;
    private bool _isStalled;

    public string Id => id;

    /// <summary>What the store calls the instance.</summary>
    public long Key => key;

    public Changes Changes { get; } = new();

    public IReadOnlyList<HistoryEvent> History => _history;

    public IReadOnlyList<InboxEntry> Inbox => _inbox;

    public OpenCalls Calls => _calls;

    /// <summary>The patches that this execution has applied, in order.</summary>
    public IReadOnlyList<string> Patches => _patches;

    /// <summary>Counts up each time the instance continues as new.</summary>
    public int Generation { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>When an instance that has been started for later begins; null if there is no such time, or if it has passed.</summary>
    public DateTime? AwaitsStart { get; private set; }

    /// <summary>How much room the saved history takes in the store, in bytes.</summary>
    public long StoredBytes { get; set; }

    /// <summary>The event that started this execution.</summary>
    public HistoryEvent? StartEvent => _recordedStart ?? _inbox.Find(e => e.Event.ExecutionStarted is not null)?.Event;

    public ExecutionStartedEvent? Started => StartEvent?.ExecutionStarted;

    public string ExecutionId => Started?.WorkflowInstance?.ExecutionId ?? "";

    /// <summary>The event that ended the instance; null while it lives.</summary>
    public HistoryEvent? EndEvent { get; private set; }

    public bool IsEnded => EndEvent is not null;

    public bool IsSuspended { get; private set; }

    public OrchestrationStatus Status => EndEvent?.ExecutionCompleted.WorkflowStatus
        ?? (_isStalled ? OrchestrationStatus.Stalled
            : _recordedStart is null && Generation == 0 ? OrchestrationStatus.Pending
            : IsSuspended ? OrchestrationStatus.Suspended
            : OrchestrationStatus.Running);

    /// <summary>Whether a worker could do something for the instance now.</summary>
    public bool IsReady => !IsEnded && AwaitsStart is null && _inbox.Count > 0
        && (!IsSuspended || _inbox.Exists(e => e.Event.ExecutionResumed is not null));

    public InstanceRow Row => new(
        Status, Generation, CustomStatus, EndEvent?.Timestamp.ToDateTime(), _calls.Tasks > 0, AwaitsStart);

    /// <summary>The ids of the children that this execution has made.</summary>
    public IEnumerable<string> Children => _history
        .Where(e => e.ChildWorkflowInstanceCreated is not null)
        .Select(e => e.ChildWorkflowInstanceCreated.InstanceId)
        .Distinct();

    /// <summary>Takes in what has arrived; false if it tells nothing new, and then it is not kept.</summary>
    public bool Receive(HistoryEvent value, long inboxKey)
    {
        if (IsEnded || (CallId.AnsweredBy(value) is { } call && !_calls.TryAnswer(call)))
        {
            return false;
        }

        _inbox.Add(new InboxEntry(inboxKey, value));
        return true;
    }

    /// <summary>Keeps a start that has arrived until its time has come.</summary>
    public void BeginAt(DateTime due)
    {
        AwaitsStart = due;
        Changes.AddedTimers.Add(new TimerMark(due, Due.Start));
    }

    /// <summary>Waits no longer for the time of its start.</summary>
    public void BeginNow()
    {
        if (AwaitsStart is { } due)
        {
            AwaitsStart = null;
            Changes.RemovedTimers.Add(new TimerMark(due, Due.Start));
        }
    }

    public void Append(HistoryEvent value)
    {
        _history.Add(value);
        _calls.Record(value);
        _isStalled = value.ExecutionStalled is not null;
        switch (value.EventTypeCase)
        {
            case HistoryEvent.EventTypeOneofCase.WorkflowStarted when value.WorkflowStarted.Version is { } version:
                _patches.AddRange(version.Patches);
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionStarted:
                _recordedStart = value;
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionCompleted:
                EndEvent = value;
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionSuspended:
                IsSuspended = true;
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionResumed:
                IsSuspended = false;
                break;
        }
    }

    /// <summary>Takes the oldest entries off the inbox.</summary>
    public void TakeFromInbox(int count)
    {
        Changes.RemovedFromInbox.AddRange(_inbox.Take(count).Where(e => e.IsSaved).Select(e => e.Key));
        _inbox.RemoveRange(0, count);
    }

    /// <summary>Takes entries off the inbox that meet a condition.</summary>
    public IReadOnlyList<HistoryEvent> TakeFromInbox(Predicate<HistoryEvent> condition)
    {
        var taken = _inbox.FindAll(e => condition(e.Event));
        Changes.RemovedFromInbox.AddRange(taken.Where(e => e.IsSaved).Select(e => e.Key));
        _inbox.RemoveAll(e => condition(e.Event));
        return [.. taken.Select(e => e.Event)];
    }

    /// <summary>Forgets the history, for an execution that takes the place of this one.</summary>
    public void ClearHistory()
    {
        DropTimers();
        _history.Clear();
        _calls.Clear();
        _patches.Clear();
        (_recordedStart, EndEvent, IsSuspended, _isStalled) = (null, null, false, false);
        (Changes.IsHistoryCleared, Changes.SavedEvents, StoredBytes) = (true, 0, 0);
    }

    /// <summary>Lets go of the timers that have not fired.</summary>
    public void DropTimers() => Changes.RemovedTimers.AddRange(
        _calls.Unanswered(CallKind.Timer).Select(t => Due.Mark(t)).OfType<TimerMark>());

    /// <summary>Puts back what the store has.</summary>
    public void Restore(InstanceRow row, IEnumerable<HistoryEvent> history, IEnumerable<InboxEntry> inbox)
    {
        (Generation, CustomStatus, AwaitsStart) = (row.Generation, row.CustomStatus, row.AwaitsStart);
        foreach (var value in history)
        {
            Append(value);
        }

        foreach (var entry in inbox)
        {
            if (CallId.AnsweredBy(entry.Event) is { } call)
            {
                _calls.TryAnswer(call);
            }

            entry.IsSaved = true;
            _inbox.Add(entry);
        }

        Changes.Saved(Row, _history.Count);
        if (IsEnded && !row.HasTasks)
        {
            _calls.Clear();
            Changes.Saved(Row, _history.Count);
        }
    }
}
