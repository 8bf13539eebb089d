using DaprRollouts.Protocol;
using Grpc.Core;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine;

/// <summary>A worker that takes one work item at a time and answers what the test says.</summary>
internal sealed class ManualWorker(Client client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AsyncServerStreamingCall<WorkItem> _stream = client.GetWorkItems(new GetWorkItemsRequest());

    /// <summary>The next work item.</summary>
    public async Task<WorkItem> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        Assert.True(await _stream.ResponseStream.MoveNext(patience.Token), "The stream of work items has ended");
        return _stream.ResponseStream.Current;
    }

    public async Task<WorkflowRequest> NextTurnAsync()
    {
        var item = await NextAsync();
        Assert.NotNull(item.WorkflowRequest);
        return item.WorkflowRequest;
    }

    /// <summary>Takes the next turn and answers it.</summary>
    /// <returns>The turn.</returns>
    public async Task<WorkItem> AnswerAsync(params WorkflowAction[] actions)
    {
        var item = await NextAsync();
        Assert.NotNull(item.WorkflowRequest);
        await client.CompleteOrchestratorTaskAsync(Answers.To(item, actions));
        return item;
    }

    /// <summary>Takes the next activity and gives its result.</summary>
    public async Task FinishActivityAsync(string result) => await client.CompleteActivityTaskAsync(Answers.Result(await NextAsync(), result));

    public void Dispose() => _stream.Dispose();
}
