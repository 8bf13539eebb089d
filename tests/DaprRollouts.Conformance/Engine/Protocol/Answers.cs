using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>What a worker answers, and what a client asks.</summary>
internal static class Answers
{
    /// <summary>A start that does not wait for a worker, as a start at a set time does not.</summary>
    public static CreateInstanceRequest Start(string id, DateTime? at = null, string? input = null) => new()
    {
        InstanceId = id, Name = "wf", Input = input, ScheduledStartTimestamp = Timestamp.FromDateTime(at ?? DateTime.UnixEpoch),
    };

    public static GetInstanceRequest Get(string id) => new() { InstanceId = id, GetInputsAndOutputs = true };

    public static RaiseEventRequest Event(string id, string name, string? input = null) => new() { InstanceId = id, Name = name, Input = input };

    public static WorkflowResponse To(WorkItem turn, params WorkflowAction[] actions)
    {
        var response = new WorkflowResponse { InstanceId = turn.WorkflowRequest.InstanceId, CompletionToken = turn.CompletionToken };
        response.Actions.AddRange(actions);
        return response;
    }

    public static ActivityResponse Result(WorkItem activity, string result) => new()
    {
        InstanceId = activity.ActivityRequest.WorkflowInstance.InstanceId,
        TaskId = activity.ActivityRequest.TaskId,
        Result = result,
        CompletionToken = activity.CompletionToken,
    };

    public static WorkflowAction Activity(int id, string? input = null) =>
        new() { Id = id, ScheduleTask = new ScheduleTaskAction { Name = "activity", Input = input } };

    public static WorkflowAction Timer(int id, DateTime at) =>
        new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTime(at) } };

    public static WorkflowAction Child(int id, string instance) =>
        new() { Id = id, CreateChildWorkflow = new CreateChildWorkflowAction { Name = "wf", InstanceId = instance } };

    public static WorkflowAction Complete(int id, string result) => End(id, OrchestrationStatus.Completed, result);

    public static WorkflowAction ContinueAsNew(int id, string input, params HistoryEvent[] carried)
    {
        var action = End(id, OrchestrationStatus.ContinuedAsNew, input);
        action.CompleteWorkflow.CarryoverEvents.AddRange(carried);
        return action;
    }

    public static IEnumerable<HistoryEvent.EventTypeOneofCase> Kinds(IEnumerable<HistoryEvent> events) => events.Select(e => e.EventTypeCase);

    private static WorkflowAction End(int id, OrchestrationStatus status, string result) =>
        new() { Id = id, CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = status, Result = result } };
}
