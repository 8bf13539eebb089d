using Kind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;
using Proto = DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>Reads the histories that callers pass on.</summary>
internal static class PropagatedHistories
{
    public static PropagatedHistory? Read(Proto.PropagatedHistory? history) =>
        history is null ? null : new PropagatedHistory([.. history.Chunks.Select(Read)]);

    private static PropagatedHistoryEvent Read(Proto.PropagatedHistoryChunk chunk)
    {
        Proto.HistoryEvent[] events = [.. chunk.RawEvents.Select(Proto.HistoryEvent.Parser.ParseFrom)];
        var outcomes = events.Where(e => ScheduledId(e) is not null).GroupBy(e => (int)ScheduledId(e)!).ToDictionary(g => g.Key, g => g.First());
        return new PropagatedHistoryEvent(
            chunk.InstanceId,
            chunk.AppId,
            chunk.WorkflowName,
            [.. events.Where(e => e.TaskScheduled is not null).Select(e => Activity(e.TaskScheduled, outcomes.GetValueOrDefault(e.EventId)))],
            [.. events.Where(e => e.ChildWorkflowInstanceCreated is not null)
                .Select(e => Child(e.ChildWorkflowInstanceCreated, outcomes.GetValueOrDefault(e.EventId)))]);
    }

    private static int? ScheduledId(Proto.HistoryEvent happened) => happened.EventTypeCase switch
    {
        Kind.TaskCompleted => happened.TaskCompleted.TaskScheduledId,
        Kind.TaskFailed => happened.TaskFailed.TaskScheduledId,
        Kind.ChildWorkflowInstanceCompleted => happened.ChildWorkflowInstanceCompleted.TaskScheduledId,
        Kind.ChildWorkflowInstanceFailed => happened.ChildWorkflowInstanceFailed.TaskScheduledId,
        _ => null,
    };

    private static PropagatedHistoryActivityResult Activity(Proto.TaskScheduledEvent call, Proto.HistoryEvent? outcome) => new(
        call.Name,
        StatusOf(outcome),
        call.Input,
        outcome?.TaskCompleted?.Result,
        outcome?.TaskFailed?.FailureDetails is { } details ? Failures.FromProto(details) : null);

    private static PropagatedHistoryWorkflowResult Child(Proto.ChildWorkflowInstanceCreatedEvent call, Proto.HistoryEvent? outcome) => new(
        call.Name,
        StatusOf(outcome),
        outcome?.ChildWorkflowInstanceCompleted?.Result,
        outcome?.ChildWorkflowInstanceFailed?.FailureDetails is { } details ? Failures.FromProto(details) : null);

    private static PropagatedHistoryStatus StatusOf(Proto.HistoryEvent? outcome) => outcome?.EventTypeCase switch
    {
        null => PropagatedHistoryStatus.Pending,
        Kind.TaskCompleted or Kind.ChildWorkflowInstanceCompleted => PropagatedHistoryStatus.Completed,
        _ => PropagatedHistoryStatus.Failed,
    };
}
