using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Engine.State;

/// <summary>An event that has arrived and that no turn has taken yet, and its place in the store.</summary>
internal readonly record struct InboxEntry(long Key, HistoryEvent Event);

/// <summary>A turn that a worker has been given.</summary>
/// <param name="Token">Identifies the turn.</param>
/// <param name="Events">The new events of the turn, WorkflowStarted first.</param>
/// <param name="Taken">What of the inbox is in it.</param>
internal sealed record Turn(string Token, IReadOnlyList<HistoryEvent> Events, IReadOnlyList<InboxEntry> Taken);

/// <summary>One workflow instance: what happened (its history), what has arrived (its inbox), and the turn under way.</summary>
internal sealed class Instance(string id)
{
    public string Id => id;

    /// <summary>Counts up each time the instance continues as new; results of earlier generations are void.</summary>
    public int Generation { get; set; }

    public List<HistoryEvent> History { get; } = [];

    public List<InboxEntry> Inbox { get; } = [];

    public Turn? Turn { get; set; }

    public string? CustomStatus { get; set; }

    public DateTime Created { get; set; }

    public DateTime Updated { get; set; }

    /// <summary>When an instance that has been started for later begins.</summary>
    public DateTime? ScheduledStart { get; set; }

    public ExecutionStartedEvent? Started =>
        History.FindLast(e => e.ExecutionStarted is not null)?.ExecutionStarted
        ?? Inbox.FindLast(e => e.Event.ExecutionStarted is not null).Event?.ExecutionStarted;

    public ExecutionCompletedEvent? Completed => History.FindLast(e => e.ExecutionCompleted is not null)?.ExecutionCompleted;

    public bool IsSuspended
    {
        get
        {
            var last = History.FindLast(e => e.ExecutionSuspended is not null || e.ExecutionResumed is not null);
            return last?.ExecutionSuspended is not null;
        }
    }

    public OrchestrationStatus Status =>
        Completed is { } completed ? completed.WorkflowStatus
        : History.Count == 0 ? OrchestrationStatus.Pending
        : History[^1].ExecutionStalled is not null ? OrchestrationStatus.Stalled
        : IsSuspended ? OrchestrationStatus.Suspended
        : OrchestrationStatus.Running;

    public bool IsEnded => Completed is not null;

    /// <summary>The ids of the children that this run has made.</summary>
    public IEnumerable<string> Children =>
        History.Where(e => e.ChildWorkflowInstanceCreated is not null).Select(e => e.ChildWorkflowInstanceCreated.InstanceId).Distinct();

    /// <summary>The instance as clients see it.</summary>
    public WorkflowState ToState(bool withPayloads)
    {
        var (started, completed) = (Started, Completed);
        var state = new WorkflowState
        {
            InstanceId = Id,
            Name = started?.Name ?? "",
            WorkflowStatus = Status,
            CreatedTimestamp = Timestamp.FromDateTime(Created),
            LastUpdatedTimestamp = Timestamp.FromDateTime(Updated),
            ExecutionId = started?.WorkflowInstance?.ExecutionId,
            ParentInstanceId = started?.ParentInstance?.WorkflowInstance?.InstanceId,
            ScheduledStartTimestamp = ScheduledStart is { } scheduled ? Timestamp.FromDateTime(scheduled) : null,
            CompletedTimestamp = completed is null ? null : Timestamp.FromDateTime(Updated),
        };
        if (History.Count > 0)
        {
            state.StartedAt = History[0].Timestamp;
        }

        if (withPayloads)
        {
            state.Input = started?.Input;
            state.Output = completed?.FailureDetails is null ? completed?.Result : null;
            state.CustomStatus = CustomStatus;
            state.FailureDetails = completed?.FailureDetails;
        }

        return state;
    }
}
