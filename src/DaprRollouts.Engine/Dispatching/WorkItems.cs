using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>What workers are sent.</summary>
internal static class WorkItems
{
    public static WorkItem Turn(Instance instance, TurnUnderWay turn)
    {
        var request = new WorkflowRequest { InstanceId = instance.Id, ExecutionId = ExecutionOf(instance) };
        request.PastEvents.AddRange(instance.History);
        request.NewEvents.AddRange(turn.Turn.Events);
        return new WorkItem { WorkflowRequest = request, CompletionToken = turn.Token };
    }

    public static WorkItem Activity(Instance instance, HistoryEvent scheduled, TaskKey key)
    {
        var task = scheduled.TaskScheduled;
        return new WorkItem
        {
            CompletionToken = key.Token,
            ActivityRequest = new ActivityRequest
            {
                Name = task.Name,
                Version = task.Version,
                Input = task.Input,
                TaskId = scheduled.EventId,
                TaskExecutionId = task.TaskExecutionId,
                ParentTraceContext = task.ParentTraceContext,
                WorkflowInstance = new WorkflowInstance { InstanceId = instance.Id, ExecutionId = ExecutionOf(instance) },
            },
        };
    }

    private static string? ExecutionOf(Instance instance) => instance.ExecutionId is { Length: > 0 } id ? id : null;
}
