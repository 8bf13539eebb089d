using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>Work for a worker: a turn of an instance, or an activity.</summary>
internal sealed record WorkTicket(string Instance, int? Task, int Generation, WorkItem Item)
{
    /// <summary>What identifies the work, for as long as it is under way.</summary>
    public (string Instance, int? Task) Key => (Instance, Task);

    public static WorkTicket ForTurn(Instance instance)
    {
        var request = new WorkflowRequest { InstanceId = instance.Id, ExecutionId = ExecutionId(instance) };
        request.PastEvents.AddRange(instance.History);
        request.NewEvents.AddRange(instance.Turn!.Events);
        return new WorkTicket(
            instance.Id, null, instance.Generation, new WorkItem { WorkflowRequest = request, CompletionToken = instance.Turn.Token });
    }

    public static WorkTicket ForTask(PendingTask task) =>
        new(task.Instance, task.Task, task.Generation, new WorkItem { ActivityRequest = task.Request });

    private static string? ExecutionId(Instance instance) => instance.Started?.WorkflowInstance?.ExecutionId;
}
