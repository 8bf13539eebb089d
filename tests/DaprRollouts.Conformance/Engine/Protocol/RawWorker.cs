using DaprRollouts.Protocol;
using Grpc.Core;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>A worker without code: a test takes its work items one by one and answers as it likes.</summary>
internal sealed class RawWorker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Hub _hub;
    private readonly AsyncServerStreamingCall<WorkItem> _call;

    public RawWorker(Hub hub) => (_hub, _call) = (hub, hub.GetWorkItems(new GetWorkItemsRequest()));

    public async Task<WorkItem> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        Assert.True(await _call.ResponseStream.MoveNext(patience.Token), "the stream has ended");
        return _call.ResponseStream.Current;
    }

    /// <summary>Whether nothing comes for a while.</summary>
    public async Task<bool> IsIdleAsync()
    {
        var next = _call.ResponseStream.MoveNext(CancellationToken.None);
        return await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(300))) != next;
    }

    /// <summary>Answers a turn.</summary>
    public async Task AnswerAsync(WorkItem turn, params WorkflowAction[] actions) => await _hub.CompleteOrchestratorTaskAsync(Answer(turn, actions));

    /// <summary>Answers an activity.</summary>
    public async Task ReturnAsync(WorkItem activity, string result, bool namesToken = true) =>
        await _hub.CompleteActivityTaskAsync(new ActivityResponse
        {
            InstanceId = activity.ActivityRequest.WorkflowInstance.InstanceId,
            TaskId = activity.ActivityRequest.TaskId,
            Result = result,
            CompletionToken = namesToken ? activity.CompletionToken : "",
        });

    public static WorkflowResponse Answer(WorkItem turn, params WorkflowAction[] actions)
    {
        var response = new WorkflowResponse { InstanceId = turn.WorkflowRequest.InstanceId, CompletionToken = turn.CompletionToken };
        response.Actions.AddRange(actions);
        return response;
    }

    public static WorkflowAction Call(int id, string activity = "Work") =>
        new() { Id = id, ScheduleTask = new ScheduleTaskAction { Name = activity, Input = "1" } };

    public static WorkflowAction End(string result = "done") =>
        new() { CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = result } };

    public static WorkflowAction Renew(string input) =>
        new() { CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = input } };

    public void Dispose() => _call.Dispose();
}
