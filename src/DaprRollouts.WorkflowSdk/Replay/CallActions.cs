using DaprRollouts.Protocol;
using Proto = DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>Calls of activities and child workflows as actions of the protocol.</summary>
internal static class CallActions
{
    public static WorkflowAction Activity(string name, string input, string taskExecutionId, WorkflowTaskOptions? options, TaskRouter? router)
    {
        var task = new ScheduleTaskAction { Name = name, Input = input, TaskExecutionId = taskExecutionId, Router = router };
        if (Scope(options) is { } scope)
        {
            task.HistoryPropagationScope = scope;
        }

        return new WorkflowAction { ScheduleTask = task, Router = router };
    }

    public static WorkflowAction Child(string name, string input, string instanceId, WorkflowTaskOptions? options, TaskRouter? router)
    {
        var child = new CreateChildWorkflowAction { Name = name, Input = input, InstanceId = instanceId, Router = router };
        if (Scope(options) is { } scope)
        {
            child.HistoryPropagationScope = scope;
        }

        return new WorkflowAction { CreateChildWorkflow = child, Router = router };
    }

    public static WorkflowAction Event(string instanceId, string name, string payload) => new()
    {
        SendEvent = new SendEventAction { Instance = new WorkflowInstance { InstanceId = instanceId }, Name = name, Data = payload },
    };

    private static Proto.HistoryPropagationScope? Scope(WorkflowTaskOptions? options) =>
        options is { PropagationScope: not HistoryPropagationScope.None and var scope } ? (Proto.HistoryPropagationScope)scope : null;
}
