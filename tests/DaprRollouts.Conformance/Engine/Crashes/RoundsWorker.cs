using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Protocol;
using Grpc.Core;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>A worker that outlives its engine. Its workflow runs rounds: an activity, a short timer, and an event that must have come.</summary>
internal sealed class RoundsWorker(Client client)
{
    public const int Rounds = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private int _answered;

    /// <summary>How much work has been answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public static string EventOf(int round) => $"go{round}";

    /// <summary>Works until it is cancelled; connects again whenever the engine is gone.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var stream = client.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: cancel);
                await foreach (var item in stream.ResponseStream.ReadAllAsync(cancel))
                {
                    _ = AnswerAsync(item);
                }
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(Pause, cancel));
            }
        }
    }

    private async Task AnswerAsync(WorkItem item)
    {
        try
        {
            if (item.ActivityRequest is null)
            {
                await client.CompleteOrchestratorTaskAsync(Answers.To(item, [.. Decide([.. item.WorkflowRequest.PastEvents, .. item.WorkflowRequest.NewEvents])]));
            }
            else
            {
                await client.CompleteActivityTaskAsync(Answers.Result(item, $"{item.ActivityRequest.TaskId}"));
            }

            Interlocked.Increment(ref _answered);
        }
        catch (RpcException)
        {
            // The engine is gone: it asks again when it is back.
        }
    }

    private static IEnumerable<WorkflowAction> Decide(IReadOnlyList<HistoryEvent> history)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (activity, timer) = (2 * round, (2 * round) + 1);
            if (!history.Any(e => e.TaskScheduled is not null && e.EventId == activity))
            {
                return [Answers.Activity(activity), Answers.Timer(timer, history[^1].Timestamp.ToDateTime().AddMilliseconds(5))];
            }

            if (!history.Any(e => e.TaskCompleted?.TaskScheduledId == activity) || !history.Any(e => e.TimerFired?.TimerId == timer)
                || !history.Any(e => e.EventRaised?.Name == EventOf(round)))
            {
                return [];
            }
        }

        return [Answers.Complete(2 * Rounds, string.Join(',', history.Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result)))];
    }
}
