using DaprRollouts.Protocol;
using Grpc.Core;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>A worker without code: a test takes its work items one by one and answers as it likes.</summary>
internal sealed class RawWorker(Hub hub) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly AsyncServerStreamingCall<WorkItem> _call = hub.GetWorkItems(new GetWorkItemsRequest());

    public async Task<WorkItem> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        Assert.True(await _call.ResponseStream.MoveNext(patience.Token), "the stream has ended");
        return _call.ResponseStream.Current;
    }

    public async Task<WorkflowRequest> NextTurnAsync()
    {
        var item = await NextAsync();
        Assert.NotNull(item.WorkflowRequest);
        return item.WorkflowRequest;
    }

    /// <summary>Whether nothing comes for a while.</summary>
    public async Task<bool> IsIdleAsync()
    {
        var next = _call.ResponseStream.MoveNext(CancellationToken.None);
        return await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(300))) != next;
    }

    /// <summary>Takes the next turn and answers it.</summary>
    /// <returns>The turn.</returns>
    public async Task<WorkItem> AnswerAsync(params WorkflowAction[] actions)
    {
        var turn = await NextAsync();
        Assert.NotNull(turn.WorkflowRequest);
        await AnswerAsync(turn, actions);
        return turn;
    }

    /// <summary>Answers a turn.</summary>
    public async Task AnswerAsync(WorkItem turn, params WorkflowAction[] actions) =>
        await hub.CompleteOrchestratorTaskAsync(Answers.To(turn, actions));

    /// <summary>Takes the next activity and gives its result.</summary>
    public async Task ReturnAsync(string result) => await ReturnAsync(await NextAsync(), result);

    /// <summary>Gives the result of an activity.</summary>
    public async Task ReturnAsync(WorkItem activity, string result, bool namesToken = true)
    {
        var answer = Answers.Result(activity, result);
        answer.CompletionToken = namesToken ? answer.CompletionToken : "";
        await hub.CompleteActivityTaskAsync(answer);
    }

    public void Dispose() => _call.Dispose();
}
