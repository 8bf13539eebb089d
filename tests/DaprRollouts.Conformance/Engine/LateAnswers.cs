using DaprRollouts.Protocol;

namespace DaprRollouts.Conformance.Engine;

/// <summary>An answer belongs to the run that asked, however late it comes.</summary>
public sealed class LateAnswers : EngineTest
{
    [Fact]
    public async Task A_result_of_before_continue_as_new_is_dropped()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var old = await worker.NextAsync();
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await worker.AnswerAsync(Answers.ContinueAsNew(1, "2"));
        await worker.AnswerAsync(Answers.Activity(0));
        var fresh = await worker.NextAsync();

        await AssertOnlyTheNewResultArrives(worker, old, fresh);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_of_before_a_restart_of_the_id_is_dropped(bool purge)
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var old = await worker.NextAsync();
        await Engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "i" });
        if (purge)
        {
            await Engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "i" });
        }

        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        await worker.AnswerAsync(Answers.Activity(0));
        var fresh = await worker.NextAsync();

        await AssertOnlyTheNewResultArrives(worker, old, fresh);
    }

    [Fact]
    public async Task A_turn_is_not_lost_by_an_answer_to_another_one()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using (var first = Engine.Connect())
        {
            var answer = Answers.To(await first.NextAsync(), Answers.Complete(0, "1"));
            answer.CompletionToken = "another";
            await Engine.Client.CompleteOrchestratorTaskAsync(answer);
        }

        using var second = Engine.Connect();
        await second.AnswerAsync(Answers.Complete(0, "1"));

        Assert.Equal(OrchestrationStatus.Completed, (await StateAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task What_a_broken_stream_had_goes_to_the_next_one()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using (var first = Engine.Connect())
        {
            await first.AnswerAsync(Answers.Activity(0));
            Assert.NotNull((await first.NextAsync()).ActivityRequest);
            await Engine.Client.StartInstanceAsync(Answers.Start("j"));
            Assert.NotNull((await first.NextAsync()).WorkflowRequest);
        }

        using var second = Engine.Connect();
        var kinds = new[] { (await second.NextAsync()).RequestCase, (await second.NextAsync()).RequestCase };

        Assert.Equal([WorkItem.RequestOneofCase.WorkflowRequest, WorkItem.RequestOneofCase.ActivityRequest], kinds.Order());
    }

    [Fact]
    public async Task A_worker_that_sends_no_tokens_is_served_too()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        var turn = Answers.To(await worker.NextAsync(), Answers.Activity(0));
        turn.CompletionToken = "";
        await Engine.Client.CompleteOrchestratorTaskAsync(turn);
        var result = Answers.Result(await worker.NextAsync(), "7");
        result.CompletionToken = "";
        await Engine.Client.CompleteActivityTaskAsync(result);

        Assert.Equal("7", (await worker.NextTurnAsync()).NewEvents[^1].TaskCompleted.Result);
    }

    [Fact]
    public async Task A_result_that_comes_twice_counts_once()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var activity = await worker.NextAsync();

        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, "1"));
        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, "2"));
        await worker.AnswerAsync();
        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, "3"));
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await worker.AnswerAsync(Answers.Complete(1, "1"));

        Assert.Equal(["1"], (await HistoryAsync("i")).Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result));
    }

    private async Task AssertOnlyTheNewResultArrives(ManualWorker worker, WorkItem old, WorkItem fresh)
    {
        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(old, "\"old\""));
        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(fresh, "\"new\""));

        Assert.Equal("\"new\"", (await worker.NextTurnAsync()).NewEvents.Single(e => e.TaskCompleted is not null).TaskCompleted.Result);
    }
}
