using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Serving;

/// <summary>The calls of the workflow service that have one answer, by their names, for callers in the same process.</summary>
internal sealed class UnaryCalls(InstanceCalls instances, WorkCalls work)
{
    public Task<object> Answer(string method, object request, CancellationToken cancel) => method switch
    {
        nameof(TaskHub.Hello) => Task.FromResult<object>(new Google.Protobuf.WellKnownTypes.Empty()),
        nameof(TaskHub.StartInstance) => Boxed(instances.StartAsync((CreateInstanceRequest)request, cancel)),
        nameof(TaskHub.GetInstance) => Boxed(instances.GetAsync((GetInstanceRequest)request)),
        nameof(TaskHub.WaitForInstanceStart) => Boxed(instances.AwaitAsync((GetInstanceRequest)request, InstanceStates.HasBegun, cancel)),
        nameof(TaskHub.WaitForInstanceCompletion) => Boxed(instances.AwaitAsync((GetInstanceRequest)request, InstanceStates.HasEnded, cancel)),
        nameof(TaskHub.RaiseEvent) => Boxed(instances.RaiseAsync((RaiseEventRequest)request)),
        nameof(TaskHub.TerminateInstance) => Boxed(instances.TerminateAsync((TerminateRequest)request)),
        nameof(TaskHub.SuspendInstance) => Boxed(instances.SuspendAsync((SuspendRequest)request, cancel)),
        nameof(TaskHub.ResumeInstance) => Boxed(instances.ResumeAsync((ResumeRequest)request, cancel)),
        nameof(TaskHub.PurgeInstances) => Boxed(instances.PurgeAsync((PurgeInstancesRequest)request)),
        nameof(TaskHub.RerunWorkflowFromEvent) => Boxed(instances.RerunAsync((RerunWorkflowFromEventRequest)request)),
        nameof(TaskHub.ListInstanceIDs) => Boxed(instances.ListAsync((ListInstanceIDsRequest)request)),
        nameof(TaskHub.GetInstanceHistory) => Boxed(instances.HistoryAsync((GetInstanceHistoryRequest)request)),
        nameof(TaskHub.CompleteActivityTask) => Boxed(work.CompleteAsync((ActivityResponse)request)),
        nameof(TaskHub.CompleteOrchestratorTask) or nameof(TaskHub.CompleteWorkflowTask) => Boxed(work.CompleteAsync((WorkflowResponse)request)),
        _ => throw LocalInvoker.Unsupported(method),
    };

    private static async Task<object> Boxed<T>(Task<T> answer)
        where T : class => await answer;
}
