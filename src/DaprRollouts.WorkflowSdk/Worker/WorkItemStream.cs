using DaprRollouts.Protocol;
using DaprRollouts.WorkflowSdk;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Sidecar = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace Dapr.Workflow.Worker;

/// <summary>One stream of work items, from its opening to its end: each item is run and answered once.</summary>
internal sealed class WorkItemStream(
    Sidecar sidecar, WorkflowDispatcher dispatcher, RunningItems running, StreamHealth health, TimeProvider time, ILogger logger)
{
    // Intermediaries close connections that are silent for longer.
    private static readonly TimeSpan HelloInterval = TimeSpan.FromSeconds(30);

    private bool _canSendEvents;

    /// <summary>Reads until the stream ends or breaks. What is running then goes on.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        _canSendEvents = await GreetAsync(cancellation);
        using var call = sidecar.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var greeting = KeepGreetingAsync(over.Token);
        health.Flowing();
        logger.LogInformation("The stream of work items is open");
        try
        {
            await foreach (var item in call.ResponseStream.ReadAllAsync(cancellation))
            {
                Start(item);
            }
        }
        finally
        {
            health.Broken("the stream has ended");
            await over.CancelAsync();
            await greeting;
        }
    }

    private void Start(WorkItem item)
    {
        switch (item.RequestCase)
        {
            case WorkItem.RequestOneofCase.WorkflowRequest:
                running.StartWorkflow(() => RunWorkflowAsync(item.WorkflowRequest, item.CompletionToken));
                break;
            case WorkItem.RequestOneofCase.ActivityRequest:
                running.StartActivity(() => RunActivityAsync(item.ActivityRequest, item.CompletionToken));
                break;
            default:
                logger.LogWarning("The engine sent a work item of a kind that this worker does not know");
                break;
        }
    }

    private async Task RunWorkflowAsync(WorkflowRequest request, string token)
    {
        await SendAsync(
            async () =>
            {
                if (request.RequiresHistoryStreaming)
                {
                    var history = await sidecar.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = request.InstanceId });
                    request.PastEvents.AddRange(history.Events);
                }

                var answer = dispatcher.Run(request, token, _canSendEvents);
                // The name that every runtime understands, whatever its age.
                await sidecar.CompleteOrchestratorTaskAsync(answer);
            },
            request.InstanceId);
    }

    private async Task RunActivityAsync(ActivityRequest request, string token)
    {
        var answer = await dispatcher.RunAsync(request, token);
        await SendAsync(async () => await sidecar.CompleteActivityTaskAsync(answer), answer.InstanceId);
    }

    // A lost answer is not an answer of its own: the engine repeats the item.
    private async Task SendAsync(Func<Task> send, string instanceId)
    {
        try
        {
            await send();
        }
        catch (RpcException unsent)
        {
            logger.LogWarning(unsent, "An answer for {InstanceId} could not be delivered; the engine will ask again", instanceId);
        }
    }

    private async Task KeepGreetingAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(HelloInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                try
                {
                    await GreetAsync(over);
                }
                catch (RpcException silent) when (!over.IsCancellationRequested)
                {
                    logger.LogWarning(silent, "The engine does not answer a greeting; its stream is still open");
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            logger.LogDebug("The stream is over, and so are its greetings");
        }
    }

    /// <summary>True if the engine says that it can deliver events from one workflow to another.</summary>
    private async Task<bool> GreetAsync(CancellationToken cancellation)
    {
        using var hello = sidecar.HelloAsync(new Empty(), cancellationToken: cancellation);
        var headers = await hello.ResponseHeadersAsync;
        await hello;
        return headers.GetValue(EngineHeaders.SendsEvents) == "true";
    }
}
