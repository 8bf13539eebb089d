using DaprRollouts.Protocol;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>Work whose worker disappears, and answers that come twice, late, or from an earlier life.</summary>
public sealed class RedeliveryTests
{
    [Fact]
    public async Task A_turn_whose_stream_breaks_goes_unchanged_to_another_worker()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        WorkItem first;
        using (var lost = engine.Connect())
        {
            first = await lost.NextAsync();
        }

        await engine.RaiseAsync("meanwhile");
        using var worker = engine.Connect();
        var second = await worker.NextAsync();

        Assert.Equal(first.WorkflowRequest, second.WorkflowRequest);
        Assert.NotEqual(first.CompletionToken, second.CompletionToken);
        await worker.AnswerAsync(first, Answers.Complete(9, "stale"));
        await worker.AnswerAsync(second);
        Assert.Contains((await worker.NextAsync()).WorkflowRequest.NewEvents, e => e.EventRaised?.Name == "meanwhile");
    }

    [Fact]
    public async Task A_late_answer_without_a_token_answers_the_turn_that_was_handed_out_again()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        var lost = engine.Connect();
        var first = await lost.NextAsync();
        lost.Dispose();
        using var worker = engine.Connect();
        var second = await worker.NextAsync();

        first.CompletionToken = second.CompletionToken = "";
        await worker.AnswerAsync(first, Answers.Activity(0));
        await worker.AnswerAsync(second, Answers.Activity(0));

        Assert.NotNull((await worker.NextAsync()).ActivityRequest);
        Assert.Single(await engine.HistoryAsync(), e => e.TaskScheduled is not null);
    }

    [Fact]
    public async Task An_activity_whose_stream_breaks_is_run_again_and_counts_once()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        var lost = engine.Connect();
        await lost.AnswerAsync(await lost.NextAsync(), Answers.Activity(0));
        var first = await lost.NextAsync();
        lost.Dispose();
        using var worker = engine.Connect();
        var second = await worker.NextAsync();

        Assert.Equal(first, second);
        await worker.ReturnAsync(second, "second");
        await worker.ReturnAsync(first, "first");

        var turn = await worker.NextAsync();
        Assert.Equal("second", Assert.Single(turn.WorkflowRequest.NewEvents, e => e.TaskCompleted is not null).TaskCompleted.Result);
        await worker.AnswerAsync(turn, Answers.Complete(9, "done"));
        await worker.AnswerAsync(turn, Answers.Complete(9, "again"));
        Assert.Equal("done", (await engine.StateAsync()).Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_result_for_an_older_generation_is_dropped(bool namesToken)
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(await worker.NextAsync(), Answers.Activity(0));
        var old = await worker.NextAsync();
        await engine.RaiseAsync("go");
        await worker.AnswerAsync(await worker.NextAsync(), Answers.ContinueAsNew(9, "2"));
        await worker.AnswerAsync(await worker.NextAsync(), Answers.Activity(0));
        var current = await worker.NextAsync();

        await worker.ReturnAsync(old, "old", namesToken);
        await worker.ReturnAsync(current, "current", namesToken);

        var turn = await worker.NextAsync();
        Assert.Equal("current", Assert.Single(turn.WorkflowRequest.NewEvents, e => e.TaskCompleted is not null).TaskCompleted.Result);
        Assert.DoesNotContain(turn.WorkflowRequest.PastEvents, e => e.TaskCompleted is not null);
    }

    [Fact]
    public async Task One_turn_at_a_time_is_under_way()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        var turn = await worker.NextAsync();
        using var other = engine.Connect();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => engine.RaiseAsync($"{i}")));
        Assert.True(await other.IsIdleAsync());

        await worker.AnswerAsync(turn);

        // Whoever gets it: all twenty are in the next turn, in the order in which they came.
        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "one" });
        var raised = (await engine.HistoryAsync()).Where(e => e.EventRaised is not null).Select(e => e.Timestamp.ToDateTime()).ToList();
        Assert.Equal(20, raised.Count);
        Assert.Equal(raised.Order(), raised);
    }

    [Fact]
    public async Task What_a_turn_asks_for_is_void_once_its_instance_is_terminated()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        var turn = await worker.NextAsync();

        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "one", Output = "enough" });
        await worker.AnswerAsync(turn, Answers.Activity(0));

        Assert.True(await worker.IsIdleAsync());
        Assert.Equal((OrchestrationStatus.Terminated, "enough"), ((await engine.StateAsync()).WorkflowStatus, (await engine.StateAsync()).Output));
        Assert.DoesNotContain(await engine.HistoryAsync(), e => e.TaskScheduled is not null);
    }

    [Fact]
    public async Task A_late_answer_without_a_token_is_no_answer_to_a_later_turn()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        var turn = await worker.AnswerAsync(Answers.Activity(0));
        await worker.NextAsync();
        await engine.RaiseAsync("go");
        var next = await worker.NextAsync();

        turn.CompletionToken = "";
        await worker.AnswerAsync(turn, Answers.Activity(0));
        await worker.AnswerAsync(next, Answers.Complete(9, "done"));

        Assert.Equal("done", (await engine.StateAsync()).Output);
        Assert.Single(await engine.HistoryAsync(), e => e.TaskScheduled is not null);
    }

    [Fact]
    public async Task An_answer_that_repeats_a_recorded_call_ends_the_instance()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        await worker.NextAsync();
        await engine.RaiseAsync("go");

        var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => worker.AnswerAsync(Answers.Activity(0)));

        Assert.Contains("repeats", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((OrchestrationStatus.Failed, "InvalidTurn"), ((await engine.StateAsync()).WorkflowStatus, (await engine.StateAsync()).FailureDetails.ErrorType));
    }

    [Fact]
    public async Task Work_is_shared_and_no_worker_gets_more_than_it_can_have_in_hand()
    {
        await using var engine = await RawEngine.StartAsync(options => options.TurnsInHand = 5);
        using var one = engine.Connect();
        using var two = engine.Connect();
        await engine.Client.HelloAsync(new Google.Protobuf.WellKnownTypes.Empty());
        for (var i = 0; i < 12; i++)
        {
            await engine.StartInstanceAsync($"{i}");
        }

        var items = new List<WorkItem>();
        for (var i = 0; i < 5; i++)
        {
            items.Add(await one.NextAsync());
            items.Add(await two.NextAsync());
        }

        await one.AnswerAsync(items[0], Answers.Complete(9, "done"));
        items.Add(await one.NextAsync());
        Assert.Equal(11, items.Select(i => i.WorkflowRequest.InstanceId).Distinct().Count());
        Assert.True(await two.IsIdleAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_for_an_earlier_instance_of_the_id_is_dropped(bool purge)
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var old = await worker.NextAsync();
        await engine.TerminateAsync();
        if (purge)
        {
            await engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "one" });
        }

        await engine.StartInstanceAsync();
        await worker.AnswerAsync(Answers.Activity(0));
        var current = await worker.NextAsync();
        await worker.ReturnAsync(old, "old");
        await worker.ReturnAsync(current, "current");

        var turn = await worker.NextTurnAsync();
        Assert.Equal("current", Assert.Single(turn.NewEvents, e => e.TaskCompleted is not null).TaskCompleted.Result);
    }

    [Fact]
    public async Task A_worker_that_sends_no_tokens_is_served_too()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        var turn = await worker.NextAsync();
        turn.CompletionToken = "";
        await worker.AnswerAsync(turn, Answers.Activity(0));
        await worker.ReturnAsync(await worker.NextAsync(), "7", namesToken: false);

        Assert.Equal("7", (await worker.NextTurnAsync()).NewEvents[^1].TaskCompleted.Result);
    }

    [Fact]
    public async Task A_result_that_comes_again_counts_once()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var activity = await worker.NextAsync();

        await worker.ReturnAsync(activity, "1");
        await worker.ReturnAsync(activity, "2");
        await worker.AnswerAsync();
        await worker.ReturnAsync(activity, "3");
        await engine.RaiseAsync("go");
        await worker.AnswerAsync(Answers.Complete(1, "1"));

        Assert.Equal(["1"], (await engine.HistoryAsync()).Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result));
    }
}
