using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace DaprRollouts.Engine.Serving;

/// <summary>The sidecar's workflow service, served by the embedded engine.</summary>
internal sealed class TaskHubService(EngineLoop engine, InstanceWaiters waiters, IHostApplicationLifetime lifetime)
    : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    private const int MaxPage = 1000;

    /// <summary>Answers a greeting, and tells what a Dapr sidecar cannot do: deliver events from one workflow to another.</summary>
    public override async Task<Empty> Hello(Empty request, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "workflow-engine-sends-events", "true" } });
        return new Empty();
    }

    public override async Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        var id = request.InstanceId.Length > 0 ? request.InstanceId : Guid.NewGuid().ToString("N");
        await engine.RunAsync(tx => Lifecycle.Start(tx, id, request.Name, request.Input, null, request.ScheduledStartTimestamp?.ToDateTime()));
        if (request.ScheduledStartTimestamp is null)
        {
            await WaitAsync(id, InstanceWaiters.HasBegun, context.CancellationToken);
        }

        return new CreateInstanceResponse { InstanceId = id };
    }

    public override async Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context)
    {
        var state = await StateAsync(request.InstanceId, request.GetInputsAndOutputs);
        return new GetInstanceResponse { Exists = state is not null, WorkflowState = state };
    }

    public override async Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext context)
    {
        await WaitAsync(request.InstanceId, InstanceWaiters.HasBegun, context.CancellationToken);
        return await GetInstance(request, context);
    }

    public override async Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context)
    {
        await WaitAsync(request.InstanceId, InstanceWaiters.HasEnded, context.CancellationToken);
        return await GetInstance(request, context);
    }

    public override async Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context)
    {
        await SendAsync(request.InstanceId, now => Events.Raised(now, request.Name, request.Input));
        return new RaiseEventResponse();
    }

    public override async Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context)
    {
        await SendAsync(request.InstanceId, now => Events.Terminated(now, request.Output, request.Recursive));
        await WaitAsync(request.InstanceId, InstanceWaiters.HasEnded, context.CancellationToken);
        return new TerminateResponse();
    }

    public override async Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext context)
    {
        await SendAsync(request.InstanceId, now =>
        {
            var suspended = Events.New(now);
            suspended.ExecutionSuspended = new ExecutionSuspendedEvent { Input = request.Reason };
            return suspended;
        });
        await WaitAsync(
            request.InstanceId, s => s?.WorkflowStatus == OrchestrationStatus.Suspended || InstanceWaiters.HasEnded(s), context.CancellationToken);
        return new SuspendResponse();
    }

    public override async Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext context)
    {
        await SendAsync(request.InstanceId, now =>
        {
            var resumed = Events.New(now);
            resumed.ExecutionResumed = new ExecutionResumedEvent { Input = request.Reason };
            return resumed;
        });
        await WaitAsync(
            request.InstanceId, s => s?.WorkflowStatus == OrchestrationStatus.Running || InstanceWaiters.HasEnded(s), context.CancellationToken);
        return new ResumeResponse();
    }

    public override async Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request, ServerCallContext context)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, "only one instance can be purged at a time, by its id");
        }

        var deleted = await engine.RunAsync(tx =>
        {
            var instance = tx.Get(request.InstanceId);
            return instance.IsEnded || request.Force ? Purge(tx, instance, request.Recursive) : throw EngineErrors.NotEnded(instance.Id);
        });
        return new PurgeInstancesResponse { DeletedInstanceCount = deleted, IsComplete = true };
    }

    public override async Task GetWorkItems(GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await engine.Work.ServeAsync(ticket => responseStream.WriteAsync(ticket.Item, ending.Token), ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The worker is gone, or the engine ends; what it had not answered has gone back to the queue.
        }
    }

    public override async Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
    {
        if (engine.Work.Answered(request.InstanceId, request.TaskId) is { } ticket)
        {
            await engine.RunAsync(tx => CompleteTask(tx, ticket, request));
        }

        return new CompleteTaskResponse();
    }

    public override async Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
    {
        engine.Work.Answered(request.InstanceId, null);
        await engine.RunAsync(tx =>
        {
            Turns.Complete(tx, request);
            return true;
        });
        return new CompleteTaskResponse();
    }

    public override Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request, ServerCallContext context) =>
        CompleteOrchestratorTask(request, context);

    public override async Task<ListInstanceIDsResponse> ListInstanceIDs(ListInstanceIDsRequest request, ServerCallContext context)
    {
        var size = (int)(request.HasPageSize ? Math.Clamp(request.PageSize, 1, MaxPage) : MaxPage);
        var ids = await engine.RunAsync(tx => tx.Store.Ids(request.ContinuationToken, size));
        var response = new ListInstanceIDsResponse();
        response.InstanceIds.AddRange(ids);
        if (ids.Count == size)
        {
            response.ContinuationToken = ids[^1];
        }

        return response;
    }

    public override async Task<GetInstanceHistoryResponse> GetInstanceHistory(GetInstanceHistoryRequest request, ServerCallContext context)
    {
        var response = new GetInstanceHistoryResponse();
        response.Events.AddRange(await engine.RunAsync(tx => tx.Get(request.InstanceId).History.ToList()));
        return response;
    }

    private static bool CompleteTask(EngineTransaction tx, WorkTicket ticket, ActivityResponse response)
    {
        var request = tx.Store.TakeTask(ticket.Instance, ticket.Generation, response.TaskId);
        if (request is not null && tx.Find(ticket.Instance) is { IsEnded: false } instance && instance.Generation == ticket.Generation)
        {
            tx.Deliver(instance, Events.TaskEnded(tx.Now, response, request.TaskExecutionId));
        }

        return true;
    }

    private static int Purge(EngineTransaction tx, Instance instance, bool recursive)
    {
        var count = 1;
        foreach (var child in recursive ? instance.Children.ToList() : [])
        {
            count += tx.Find(child) is { IsEnded: true } ended ? Purge(tx, ended, true) : 0;
        }

        tx.Store.Delete(instance.Id);
        tx.Forget(instance.Id);
        return count;
    }

    private Task<bool> SendAsync(string id, Func<DateTime, HistoryEvent> message) => engine.RunAsync(tx =>
    {
        var instance = tx.Get(id);
        if (!instance.IsEnded)
        {
            tx.Deliver(instance, message(tx.Now));
        }

        return true;
    });

    private Task<WorkflowState?> StateAsync(string id, bool withPayloads) => engine.RunAsync(tx => tx.Find(id)?.ToState(withPayloads));

    private async Task WaitAsync(string id, Func<WorkflowState?, bool> reached, CancellationToken cancel)
    {
        while (true)
        {
            var change = waiters.NextChange(id);
            if (reached(await StateAsync(id, withPayloads: false)))
            {
                return;
            }

            await change.WaitAsync(cancel);
        }
    }
}
