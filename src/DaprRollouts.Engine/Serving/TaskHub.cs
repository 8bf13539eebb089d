using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Running;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine.Serving;

/// <summary>The sidecar's workflow service, served by the embedded engine.</summary>
internal sealed class TaskHub(EngineThread host, WorkflowEngineOptions options, IHostApplicationLifetime lifetime, ILogger<TaskHub> logger)
    : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    // A worker that takes nothing for so long is taken for dead.
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private readonly InstanceCalls _instances = new(host.Engine);
    private readonly WorkCalls _work = new(host.Engine, logger);

    /// <summary>Answers a greeting, and tells what a Dapr sidecar cannot do: deliver events from one workflow to another.</summary>
    public override async Task<Empty> Hello(Empty request, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(EngineGreeting.Headers());
        return new Empty();
    }

    public override Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context) =>
        UntilStopping(context, cancel => _instances.StartAsync(request, cancel));

    public override Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context) =>
        _instances.GetAsync(request);

    public override Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext context) =>
        UntilStopping(context, cancel => _instances.AwaitAsync(request, InstanceStates.HasBegun, cancel));

    public override Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context) =>
        UntilStopping(context, cancel => _instances.AwaitAsync(request, InstanceStates.HasEnded, cancel));

    public override Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context) => _instances.RaiseAsync(request);

    public override Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context) =>
        _instances.TerminateAsync(request);

    public override Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext context) =>
        UntilStopping(context, cancel => _instances.SuspendAsync(request, cancel));

    public override Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext context) =>
        UntilStopping(context, cancel => _instances.ResumeAsync(request, cancel));

    public override Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request, ServerCallContext context) =>
        _instances.PurgeAsync(request);

    public override Task<ListInstanceIDsResponse> ListInstanceIDs(ListInstanceIDsRequest request, ServerCallContext context) =>
        _instances.ListAsync(request);

    public override Task<GetInstanceHistoryResponse> GetInstanceHistory(GetInstanceHistoryRequest request, ServerCallContext context) =>
        _instances.HistoryAsync(request);

    public override Task<RerunWorkflowFromEventResponse> RerunWorkflowFromEvent(
        RerunWorkflowFromEventRequest request, ServerCallContext context) => _instances.RerunAsync(request);

    public override Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context) =>
        _work.CompleteAsync(request);

    public override Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context) =>
        _work.CompleteAsync(request);

    public override Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request, ServerCallContext context) =>
        _work.CompleteAsync(request);

    public override async Task GetWorkItems(GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var worker = _work.Connect(options);
        logger.LogInformation("A worker has connected from {Peer}", context.Peer);
        try
        {
            await SendAsync(worker, responseStream, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            logger.LogInformation("The worker from {Peer} is gone; what it had in hand goes to others", context.Peer);
        }
        catch (TimeoutException)
        {
            logger.LogWarning("The worker from {Peer} takes no work any more; it is cut off", context.Peer);
            context.GetHttpContext().Abort();
        }
        finally
        {
            _work.Disconnect(worker);
        }
    }

    private static async Task SendAsync(WorkerStream worker, IServerStreamWriter<WorkItem> stream, CancellationToken cancel)
    {
        await foreach (var item in worker.Items.ReadAllAsync(cancel))
        {
            // What follows at once can share a packet.
            stream.WriteOptions = worker.Items.TryPeek(out _) ? new WriteOptions(WriteFlags.BufferHint) : WriteOptions.Default;
            var sending = stream.WriteAsync(item, cancel);
            if (!sending.IsCompletedSuccessfully)
            {
                await sending.WaitAsync(SendPatience, cancel);
            }
        }
    }

    private async Task<T> UntilStopping<T>(ServerCallContext context, Func<CancellationToken, Task<T>> call)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await call(ending.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw EngineErrors.Stopping();
        }
    }
}
