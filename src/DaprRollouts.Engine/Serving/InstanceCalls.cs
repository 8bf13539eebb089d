using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>What clients ask: start, look at, steer and delete instances.</summary>
internal sealed class InstanceCalls(EmbeddedEngine engine)
{
    private const int MaxPage = 1000;

    /// <summary>Starts an instance. Returns when its first turn is over, unless a time for the start was given.</summary>
    public async Task<CreateInstanceResponse> StartAsync(CreateInstanceRequest request, CancellationToken cancel)
    {
        if (request.Name.Length == 0)
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, "a workflow needs a name");
        }

        Requests.Check(request.ScheduledStartTimestamp, "scheduledStartTimestamp");
        var id = request.InstanceId.Length > 0 ? request.InstanceId : Guid.NewGuid().ToString("N");
        if (request.ScheduledStartTimestamp is null)
        {
            await engine.AwaitAsync(id, InstanceStates.HasBegun, session => Starts.Start(session, id, request), _ => true, cancel);
        }
        else
        {
            await engine.AskAsync(session => Starts.Start(session, id, request).Id);
        }

        return new CreateInstanceResponse { InstanceId = id };
    }

    public Task<GetInstanceResponse> GetAsync(GetInstanceRequest request) => engine.AskAsync(
        session => InstanceStates.Describe(session.Find(request.InstanceId), request.GetInputsAndOutputs));

    /// <summary>Returns when the instance, which need not exist yet, is in a state.</summary>
    public Task<GetInstanceResponse> AwaitAsync(GetInstanceRequest request, Predicate<Instance> reached, CancellationToken cancel) =>
        engine.AwaitAsync(
            request.InstanceId, reached, _ => { }, i => InstanceStates.Describe(i, request.GetInputsAndOutputs), cancel);

    public async Task<RaiseEventResponse> RaiseAsync(RaiseEventRequest request)
    {
        await engine.AskAsync(session =>
        {
            var instance = session.Get(request.InstanceId);
            return instance.Status == OrchestrationStatus.Stalled
                ? throw EngineErrors.Of(StatusCode.FailedPrecondition, $"workflow '{instance.Id}' is stalled")
                : session.Deliver(instance, Events.Raised(engine.Core.NextRaised(session.Now), request.Name, request.Input));
        });
        return new RaiseEventResponse();
    }

    public async Task<TerminateResponse> TerminateAsync(TerminateRequest request)
    {
        await engine.AskAsync(session => session.Deliver(
            session.Get(request.InstanceId), Events.Terminated(session.Now, request.Output, request.Recursive)));
        return new TerminateResponse();
    }

    public async Task<SuspendResponse> SuspendAsync(SuspendRequest request, CancellationToken cancel)
    {
        await engine.AwaitAsync(
            request.InstanceId,
            i => i.IsSuspended || i.IsEnded,
            session =>
            {
                var instance = session.Get(request.InstanceId);
                if (!Lifecycle.WillBeSuspended(instance) && session.Deliver(instance, Events.Suspended(session.Now, request.Reason))
                    && !engine.Core.Dispatcher.Turns.IsUnderWay(instance.Id))
                {
                    Lifecycle.SettleSuspension(instance);
                }
            },
            _ => true,
            cancel);
        return new SuspendResponse();
    }

    public async Task<ResumeResponse> ResumeAsync(ResumeRequest request, CancellationToken cancel)
    {
        await engine.AwaitAsync(
            request.InstanceId,
            i => !i.IsSuspended || i.IsEnded,
            session =>
            {
                var instance = session.Get(request.InstanceId);
                if (Lifecycle.WillBeSuspended(instance))
                {
                    session.Deliver(instance, Events.Resumed(session.Now, request.Reason));
                }
            },
            _ => true,
            cancel);
        return new ResumeResponse();
    }

    public async Task<PurgeInstancesResponse> PurgeAsync(PurgeInstancesRequest request)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, "only one instance can be purged at a time, by its id");
        }

        var deleted = await engine.AskAsync(session => Purging.Purge(session, request));
        return new PurgeInstancesResponse { DeletedInstanceCount = deleted, IsComplete = true };
    }

    public async Task<ListInstanceIDsResponse> ListAsync(ListInstanceIDsRequest request)
    {
        var size = (int)(request.HasPageSize ? Math.Clamp(request.PageSize, 1, MaxPage) : MaxPage);
        var ids = await engine.AskAsync(session => session.Store.Ids(request.ContinuationToken, size));
        var response = new ListInstanceIDsResponse();
        response.InstanceIds.AddRange(ids);
        if (ids.Count == size)
        {
            response.ContinuationToken = ids[^1];
        }

        return response;
    }

    public async Task<GetInstanceHistoryResponse> HistoryAsync(GetInstanceHistoryRequest request)
    {
        var response = new GetInstanceHistoryResponse();
        response.Events.AddRange(await engine.AskAsync(session => session.Get(request.InstanceId).History.ToList()));
        return response;
    }

    public async Task<RerunWorkflowFromEventResponse> RerunAsync(RerunWorkflowFromEventRequest request)
    {
        var id = request.HasNewInstanceID ? request.NewInstanceID : Guid.NewGuid().ToString("N");
        return await engine.AskAsync(session => new RerunWorkflowFromEventResponse { NewInstanceID = Reruns.Rerun(session, request, id).Id });
    }
}
