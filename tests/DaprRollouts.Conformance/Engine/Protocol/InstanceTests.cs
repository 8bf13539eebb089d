using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>How instances are started, held, renewed, ended and run again.</summary>
public sealed class InstanceTests : ProtocolTest
{
    [Fact]
    public async Task A_restart_of_the_engine_forgets_nothing()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i", input: "5"));
        using (var first = Engine.Connect())
        {
            await first.AnswerAsync(Answers.Activity(0));
        }

        await Engine.RestartAsync();
        using var worker = Engine.Connect();
        await worker.ReturnAsync("6");
        var turn = await worker.AnswerAsync(Answers.Complete(1, "7"));

        var state = await Engine.StateAsync("i");
        Assert.Equal("6", turn.WorkflowRequest.NewEvents[^1].TaskCompleted.Result);
        Assert.Equal((OrchestrationStatus.Completed, "5", "7"), (state.WorkflowStatus, state.Input, state.Output));
    }

    [Fact]
    public async Task What_arrives_while_suspended_waits_for_the_resumption()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync();
        await Engine.Client.SuspendInstanceAsync(new SuspendRequest { InstanceId = "i", Reason = "" });
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        Assert.Equal(OrchestrationStatus.Suspended, (await Engine.StateAsync("i")).WorkflowStatus);

        var resumed = Engine.Client.ResumeInstanceAsync(new ResumeRequest { InstanceId = "i", Reason = "" });
        var turn = await worker.AnswerAsync();
        await resumed;

        Assert.Equal(
            [HistoryEvent.EventTypeOneofCase.WorkflowStarted, HistoryEvent.EventTypeOneofCase.EventRaised, HistoryEvent.EventTypeOneofCase.ExecutionResumed],
            Answers.Kinds(turn.WorkflowRequest.NewEvents));
        Assert.Equal(OrchestrationStatus.Running, (await Engine.StateAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task Termination_reaches_children_and_needs_no_worker()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using (var worker = Engine.Connect())
        {
            await worker.AnswerAsync(Answers.Child(0, "child"));
            await worker.AnswerAsync(Answers.Child(0, "grandchild"));
        }

        await Engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "i", Output = "\"enough\"", Recursive = true });
        await Engine.Client.WaitForInstanceCompletionAsync(Answers.Get("grandchild"));

        foreach (var id in new[] { "i", "child", "grandchild" })
        {
            var state = await Engine.StateAsync(id);
            Assert.Equal((OrchestrationStatus.Terminated, "\"enough\""), (state.WorkflowStatus, state.Output));
        }
    }

    [Fact]
    public async Task A_purge_takes_the_children_along()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Answers.Child(0, "child"));
        await worker.AnswerAsync(Answers.Complete(0, "1"));
        await Assert.ThrowsAsync<RpcException>(async () => await Engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "i" }));
        await worker.AnswerAsync(Answers.Complete(1, "2"));

        var purged = await Engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "i", Recursive = true });

        Assert.Equal(2, purged.DeletedInstanceCount);
        Assert.False((await Engine.Client.GetInstanceAsync(Answers.Get("child"))).Exists);
    }

    [Fact]
    public async Task Continuing_as_new_keeps_what_is_carried_and_what_arrived_meanwhile()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i", input: "1"));
        using var worker = Engine.Connect();
        var first = await worker.NextAsync();
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "late"));
        var carried = new HistoryEvent { EventId = -1, EventRaised = new EventRaisedEvent { Name = "early" } };

        await Engine.Client.CompleteOrchestratorTaskAsync(Answers.To(first, Answers.Activity(0), Answers.ContinueAsNew(1, "2", carried)));
        var second = await worker.NextTurnAsync();

        Assert.Empty(second.PastEvents);
        Assert.Equal("2", second.NewEvents[1].ExecutionStarted.Input);
        Assert.Equal(["early", "late"], second.NewEvents.Skip(2).Select(e => e.EventRaised.Name));
        Assert.NotEqual(first.WorkflowRequest.ExecutionId, second.ExecutionId);
    }

    [Fact]
    public async Task A_rerun_repeats_a_call_and_all_that_came_after_it()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i", input: "1"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0, "a"));
        await worker.ReturnAsync("first");
        await worker.AnswerAsync(Answers.Activity(1, "b"));
        await worker.ReturnAsync("second");
        await worker.AnswerAsync(Answers.Complete(2, "old"));

        await Engine.Client.RerunWorkflowFromEventAsync(
            new RerunWorkflowFromEventRequest { SourceInstanceID = "i", EventID = 1, NewInstanceID = "again", OverwriteInput = true, Input = "c" });
        var activity = await worker.NextAsync();
        await Engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, "third"));
        var turn = await worker.AnswerAsync(Answers.Complete(2, "new"));

        Assert.Equal("c", activity.ActivityRequest.Input);
        Assert.Equal(
            ["first", "third"],
            turn.WorkflowRequest.PastEvents.Concat(turn.WorkflowRequest.NewEvents).Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result));
        Assert.Equal(("old", "new"), ((await Engine.StateAsync("i")).Output, (await Engine.StateAsync("again")).Output));
    }

    [Fact]
    public async Task A_rerun_of_what_cannot_be_rerun_is_refused()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));

        foreach (var id in new[] { "i", "missing" })
        {
            await Assert.ThrowsAsync<RpcException>(
                async () => await Engine.Client.RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest { SourceInstanceID = id }));
        }
    }

    [Fact]
    public async Task Ids_are_listed_page_by_page()
    {
        for (var i = 0; i < 5; i++)
        {
            await Engine.Client.StartInstanceAsync(Answers.Start($"i{i}"));
        }

        List<string> ids = [];
        var request = new ListInstanceIDsRequest { PageSize = 2 };
        do
        {
            var page = await Engine.Client.ListInstanceIDsAsync(request);
            ids.AddRange(page.InstanceIds);
            request.ContinuationToken = page.ContinuationToken;
        }
        while (request.ContinuationToken.Length > 0);

        Assert.Equal(["i0", "i1", "i2", "i3", "i4"], ids);
    }
}
