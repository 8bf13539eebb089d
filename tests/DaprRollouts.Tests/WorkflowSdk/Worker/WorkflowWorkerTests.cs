using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Tests.WorkflowSdk.Worker;

public sealed class WorkflowWorkerTests
{
    private static readonly RpcException Unavailable = new(new Status(StatusCode.Unavailable, "down"));

    [Fact]
    public async Task An_activity_item_is_answered_with_its_result_and_token()
    {
        await using var worker = new WorkerHost(o => o.RegisterActivity<string, string>(
            "Echo", (c, text) => Task.FromResult($"{text} {c.TaskExecutionKey} {c.InstanceId} {c.Identifier}")));
        await worker.StartAsync();

        (await worker.Sidecar.StreamAsync()).TryWrite(WorkerHost.Activity("eCHO", "\"x\"", "t1"));

        var answer = await worker.Sidecar.ReceivedAsync<ActivityResponse>();
        Assert.Equal(("\"x 4 abc eCHO\"", "t1", 4, "abc"), (answer.Result, answer.CompletionToken, answer.TaskId, answer.InstanceId));
    }

    [Fact]
    public async Task What_an_activity_throws_is_its_answer()
    {
        await using var worker = new WorkerHost(o => o.RegisterActivity<int, int>("Fail", (_, _) => throw new TimeoutException("slow")));
        await worker.StartAsync();
        var stream = await worker.Sidecar.StreamAsync();

        stream.TryWrite(WorkerHost.Activity("Fail", "1"));
        var thrown = (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).FailureDetails;
        stream.TryWrite(WorkerHost.Activity("Unknown"));
        var unknown = (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).FailureDetails;

        Assert.Equal(("System.TimeoutException", "slow"), (thrown.ErrorType, thrown.ErrorMessage));
        Assert.Equal("ActivityNotFoundException", unknown.ErrorType);
    }

    [Fact]
    public async Task A_turn_is_answered_by_the_name_that_every_runtime_knows()
    {
        await using var worker = new WorkerHost(o => o.RegisterWorkflow<int, int>("Add", (_, n) => Task.FromResult(n + 1)));
        await worker.StartAsync();

        (await worker.Sidecar.StreamAsync()).TryWrite(new WorkItem
        {
            CompletionToken = "t2",
            WorkflowRequest = new WorkflowRequest
            {
                InstanceId = "abc",
                NewEvents = { Replay.Happened.TurnStarted(), Replay.Happened.Started("Add", "1") },
            },
        });

        var answer = await worker.Sidecar.ReceivedAsync<WorkflowResponse>();
        Assert.Equal(("2", "t2"), (answer.Actions.Single().CompleteWorkflow.Result, answer.CompletionToken));
    }

    [Fact]
    public async Task A_history_that_has_to_be_fetched_is_fetched()
    {
        await using var worker = new WorkerHost(o => o.RegisterWorkflow<int?, bool>("Again", (c, _) => Task.FromResult(c.IsReplaying)));
        worker.Sidecar.Answers[typeof(GetInstanceHistoryRequest)] = _ => new GetInstanceHistoryResponse
        {
            Events = { Replay.Happened.TurnStarted(), Replay.Happened.Started("Again") },
        };
        await worker.StartAsync();

        (await worker.Sidecar.StreamAsync()).TryWrite(new WorkItem
        {
            WorkflowRequest = new WorkflowRequest { InstanceId = "abc", RequiresHistoryStreaming = true, NewEvents = { Replay.Happened.TurnStarted() } },
        });

        Assert.Equal("true", (await worker.Sidecar.ReceivedAsync<WorkflowResponse>()).Actions.Single().CompleteWorkflow.Result);
    }

    [Fact]
    public async Task The_engine_is_greeted_first_and_every_thirty_seconds_while_the_stream_is_open()
    {
        await using var worker = new WorkerHost(_ => { });
        await worker.StartAsync();
        await worker.Sidecar.StreamAsync();
        await worker.Sidecar.ReceivedAsync<Empty>();
        Assert.True(await Eventually(() => worker.Health.IsFlowing));

        worker.Sidecar.Answers[typeof(Empty)] = _ => Unavailable;
        worker.Time.Advance(TimeSpan.FromSeconds(30));
        await worker.Sidecar.ReceivedAsync<Empty>();

        Assert.True(worker.Health.IsFlowing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_break_another_stream_is_opened_and_health_tells(bool inGoodOrder)
    {
        await using var worker = new WorkerHost(_ => { });
        Assert.False(worker.Health.IsFlowing);
        await worker.StartAsync();
        var first = await worker.Sidecar.StreamAsync();
        Assert.True(await Eventually(() => worker.Health.IsFlowing));

        first.Complete(inGoodOrder ? null : Unavailable);
        Assert.True(await Eventually(() => !worker.Health.IsFlowing));
        var second = worker.Sidecar.StreamAsync();
        while (!second.IsCompleted)
        {
            // The worker may not have begun its pause yet when the clock is moved.
            worker.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(await Eventually(() => worker.Health.IsFlowing));
    }

    [Fact]
    public async Task A_stop_lets_running_items_end_and_leaves_new_ones_to_others()
    {
        var gate = new TaskCompletionSource();
        await using var worker = new WorkerHost(o => o.RegisterActivity<int, int>("Slow", async (_, n) =>
        {
            await gate.Task;
            return n;
        }));
        await worker.StartAsync();
        var stream = await worker.Sidecar.StreamAsync();
        stream.TryWrite(WorkerHost.Activity("Slow", "1"));
        stream.TryWrite(WorkerHost.Activity("Unknown"));
        await worker.Sidecar.ReceivedAsync<ActivityResponse>();

        var drained = worker.DrainAsync(CancellationToken.None);
        stream.TryWrite(WorkerHost.Activity("Slow", "2"));
        Assert.False(drained.IsCompleted);
        gate.SetResult();
        await drained;

        Assert.Equal("1", (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).Result);
    }

    [Fact]
    public async Task A_stop_waits_no_longer_than_the_host_is_willing_to()
    {
        var never = new TaskCompletionSource();
        await using var worker = new WorkerHost(o => o.RegisterActivity<int, int>("Hang", async (_, n) =>
        {
            await never.Task;
            return n;
        }));
        await worker.StartAsync();
        (await worker.Sidecar.StreamAsync()).TryWrite(WorkerHost.Activity("Hang", "1"));

        await worker.DrainAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_delivered_is_not_sent_again()
    {
        await using var worker = new WorkerHost(o => o.RegisterActivity<int, int>("One", (_, n) => Task.FromResult(n)));
        worker.Sidecar.Answers[typeof(ActivityResponse)] = m => ((ActivityResponse)m).Result == "1" ? Unavailable : new CompleteTaskResponse();
        await worker.StartAsync();
        var stream = await worker.Sidecar.StreamAsync();

        stream.TryWrite(WorkerHost.Activity("One", "1"));
        Assert.Equal("1", (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).Result);
        stream.TryWrite(WorkerHost.Activity("One", "2"));

        Assert.Equal("2", (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).Result);
    }

    private static async Task<bool> Eventually(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return true;
    }
}
