using DaprRollouts.Protocol;
using EventKind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>
/// The numbered calls of one execution: hands out the numbers, holds each call against the history, and keeps what
/// the history does not know yet.
/// </summary>
internal sealed class CallLedger(DeterministicGuids guids, bool explains)
{
    private readonly SortedDictionary<int, DurableCall> _calls = [];
    private readonly Dictionary<int, DurableCall> _childrenByEvent = [];
    private readonly Dictionary<int, HistoryEvent> _earlyOutcomes = [];

    public int NextId { get; private set; }

    public bool HasOpenCalls => _calls.Values.Any(c => c.IsOpen);

    /// <summary>What this turn has to ask for, in the order of the calls.</summary>
    public IEnumerable<WorkflowAction> Pending =>
        _calls.Values.Where(c => !c.IsRecorded && !_earlyOutcomes.ContainsKey(c.Action.Id)).Select(c => c.Action);

    public int TakeNumber() => NextId++;

    public DurableCall Issue(WorkflowAction action, Action<HistoryEvent>? resolve = null)
    {
        action.Id = TakeNumber();
        var call = new DurableCall(action, resolve, explains ? WorkflowPlace.OfCaller() : null);
        _calls.Add(action.Id, call);
        if (_earlyOutcomes.TryGetValue(action.Id, out var outcome))
        {
            Settle(call, outcome);
        }

        return call;
    }

    /// <summary>An event that was born from an action: the code must have made the same call under the same number.</summary>
    public void Confirm(HistoryEvent created)
    {
        var call = ChildOf(created) ?? _calls.GetValueOrDefault(created.EventId);
        if (call is { IsMarker: true } && !TimerMarks.Never.Equals(created.TimerCreated?.FireAt))
        {
            Drop(call);
            call = ChildOf(created) ?? _calls.GetValueOrDefault(created.EventId);
        }

        if (call is null || call.IsRecorded || !call.IsAnsweredBy(created))
        {
            throw new HistoryContradiction(created, call is { IsRecorded: true } ? null : call, _calls.Values.LastOrDefault());
        }

        call.IsRecorded = true;
        if (call.Action.Id != created.EventId)
        {
            _childrenByEvent[created.EventId] = call;
        }
    }

    public void Resolve(int id, HistoryEvent outcome)
    {
        var call = outcome.EventTypeCase is EventKind.ChildWorkflowInstanceCompleted or EventKind.ChildWorkflowInstanceFailed
            ? _childrenByEvent.GetValueOrDefault(id) ?? _calls.GetValueOrDefault(id)
            : _calls.GetValueOrDefault(id);
        if (call is null)
        {
            _earlyOutcomes.TryAdd(id, outcome);
            return;
        }

        Settle(call, outcome);
    }

    private static void Settle(DurableCall call, HistoryEvent outcome)
    {
        if (!call.CanEndAs(outcome.EventTypeCase))
        {
            throw new HistoryContradiction(outcome, call, call);
        }

        call.Resolve(outcome);
    }

    // An engine may number a child otherwise: its instance id tells which one is meant.
    private DurableCall? ChildOf(HistoryEvent created) => created.ChildWorkflowInstanceCreated is { } child
        ? _calls.Values.FirstOrDefault(c => !c.IsRecorded && c.Action.CreateChildWorkflow?.InstanceId == child.InstanceId)
        : null;

    // The history was written without this marker: whatever was numbered after it moves up by one.
    private void Drop(DurableCall marker)
    {
        var first = marker.Action.Id;
        _calls.Remove(first);
        marker.IsGivenUp = true;
        foreach (var call in _calls.Values.Where(c => c.Action.Id > first).ToArray())
        {
            _calls.Remove(call.Action.Id);
            call.Action.Id--;
            if (call.Action.ScheduleTask is { } task)
            {
                task.TaskExecutionId = guids.TaskExecutionId(call.Action.Id, task.Name);
            }

            _calls.Add(call.Action.Id, call);
        }

        NextId--;
    }
}
