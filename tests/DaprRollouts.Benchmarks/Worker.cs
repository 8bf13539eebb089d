using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Benchmarks;

/// <summary>A worker whose workflow runs a number of activities, one after the other, and costs next to nothing itself.</summary>
/// <param name="client">The engine.</param>
/// <param name="activities">How many; null for a workflow that waits for a month instead.</param>
internal sealed class Worker(Client client, int? activities)
{
    /// <summary>When an activity of an instance is to run.</summary>
    public event Action<string>? ActivityArrived;

    /// <summary>When an instance has got as far as it gets.</summary>
    public event Action<string>? Settled;

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stream = client.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: cancel);
        try
        {
            await foreach (var item in stream.ResponseStream.ReadAllAsync(cancel))
            {
                _ = item.ActivityRequest is null ? TurnAsync(item) : ActivityAsync(item);
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            // The measurement is over.
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private async Task ActivityAsync(WorkItem item)
    {
        var request = item.ActivityRequest;
        ActivityArrived?.Invoke(request.WorkflowInstance.InstanceId);
        await client.CompleteActivityTaskAsync(new ActivityResponse
        {
            InstanceId = request.WorkflowInstance.InstanceId, TaskId = request.TaskId, Result = "1", CompletionToken = item.CompletionToken,
        });
    }

    private async Task TurnAsync(WorkItem item)
    {
        var request = item.WorkflowRequest;
        var done = request.PastEvents.Concat(request.NewEvents).Count(e => e.TaskCompleted is not null);
        var answer = new WorkflowResponse { InstanceId = request.InstanceId, CompletionToken = item.CompletionToken };
        answer.Actions.Add(activities is null
            ? new WorkflowAction { Id = 0, CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTime(DateTime.UtcNow.AddDays(30)) } }
            : done < activities
            ? new WorkflowAction { Id = done, ScheduleTask = new ScheduleTaskAction { Name = "activity", Input = "1" } }
            : new WorkflowAction { Id = done, CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = "1" } });
        await client.CompleteOrchestratorTaskAsync(answer);
        if (done == (activities ?? 0))
        {
            Settled?.Invoke(request.InstanceId);
        }
    }
}
