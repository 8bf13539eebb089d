using DaprRollouts.Protocol;
using Kind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>What must be so in every history of an instance that has ended.</summary>
internal static class HistoryCheck
{
    public static void Verify(IReadOnlyList<HistoryEvent> history)
    {
        Assert.Equal(Kind.WorkflowStarted, history[0].EventTypeCase);
        Assert.Single(history, e => e.ExecutionStarted is not null);
        Assert.Single(history, e => e.ExecutionCompleted is not null);
        Assert.Equal(Kind.ExecutionCompleted, history[^1].EventTypeCase);

        Dictionary<int, Kind> made = [];
        HashSet<int> answered = [];
        foreach (var value in history)
        {
            if (value.EventTypeCase is Kind.TaskScheduled or Kind.TimerCreated or Kind.ChildWorkflowInstanceCreated)
            {
                Assert.True(made.TryAdd(value.EventId, value.EventTypeCase), $"two calls have the number {value.EventId}");
            }
            else if (AnswerOf(value) is var (call, kind))
            {
                Assert.True(made.TryGetValue(call, out var asked) && asked == kind, $"{value.EventTypeCase} {call} answers no call of its kind");
                Assert.True(answered.Add(call), $"call {call} is answered twice");
            }
        }
    }

    private static (int Call, Kind Kind)? AnswerOf(HistoryEvent value) => value.EventTypeCase switch
    {
        Kind.TaskCompleted => (value.TaskCompleted.TaskScheduledId, Kind.TaskScheduled),
        Kind.TaskFailed => (value.TaskFailed.TaskScheduledId, Kind.TaskScheduled),
        Kind.TimerFired => (value.TimerFired.TimerId, Kind.TimerCreated),
        Kind.ChildWorkflowInstanceCompleted => (value.ChildWorkflowInstanceCompleted.TaskScheduledId, Kind.ChildWorkflowInstanceCreated),
        Kind.ChildWorkflowInstanceFailed => (value.ChildWorkflowInstanceFailed.TaskScheduledId, Kind.ChildWorkflowInstanceCreated),
        _ => null,
    };
}
