using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>A message that makes no sense harms nobody but its sender.</summary>
public sealed class BadMessageTests : ProtocolTest
{
    public static TheoryData<string, WorkflowAction> Impossible => new()
    {
        { "of no kind", new WorkflowAction { Id = 1 } },
        { "a timer without a time", new WorkflowAction { Id = 1, CreateTimer = new CreateTimerAction() } },
        { "a timer at no time", new WorkflowAction { Id = 1, CreateTimer = new CreateTimerAction { FireAt = new Timestamp { Seconds = 1, Nanos = -5 } } } },
        { "a child without a name", new WorkflowAction { Id = 1, CreateChildWorkflow = new CreateChildWorkflowAction { InstanceId = "child" } } },
    };

    [Fact]
    public async Task A_start_at_an_impossible_time_is_refused()
    {
        var request = Answers.Start("i");
        request.ScheduledStartTimestamp = new Timestamp { Nanos = -1 };

        await Assert.ThrowsAsync<RpcException>(async () => await Engine.Client.StartInstanceAsync(request));

        Assert.False((await Engine.Client.GetInstanceAsync(Answers.Get("i"))).Exists);
    }

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public async Task A_turn_with_an_impossible_action_fails_its_instance_and_does_nothing_else(string what, WorkflowAction action)
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        await Engine.Client.StartInstanceAsync(Answers.Start("other"));
        using var worker = Engine.Connect();
        var turn = await worker.NextAsync();
        var other = await worker.NextAsync();

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await Engine.Client.CompleteOrchestratorTaskAsync(Answers.To(turn, Answers.Activity(0), Answers.Child(2, "good"), action)));

        Assert.True(refusal.StatusCode == StatusCode.InvalidArgument, what);
        var state = await Engine.StateAsync("i");
        Assert.Equal(OrchestrationStatus.Failed, state.WorkflowStatus);
        Assert.NotEmpty(state.FailureDetails.ErrorMessage);
        Assert.Equal(
            [HistoryEvent.EventTypeOneofCase.WorkflowStarted, HistoryEvent.EventTypeOneofCase.ExecutionStarted, HistoryEvent.EventTypeOneofCase.ExecutionCompleted],
            Answers.Kinds(await Engine.HistoryAsync("i")));
        Assert.False((await Engine.Client.GetInstanceAsync(Answers.Get("good"))).Exists);

        await Engine.Client.CompleteOrchestratorTaskAsync(Answers.To(other, Answers.Complete(0, "1")));
        Assert.Equal(OrchestrationStatus.Completed, (await Engine.StateAsync("other")).WorkflowStatus);
    }

    [Fact]
    public async Task A_refused_turn_leaves_the_turns_of_the_instances_it_touched_alone()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        await Engine.Client.StartInstanceAsync(Answers.Start("target"));
        using var worker = Engine.Connect();
        var turn = await worker.NextAsync();
        var target = await worker.NextAsync();
        var send = new WorkflowAction { Id = 0, SendEvent = new SendEventAction { Instance = new WorkflowInstance { InstanceId = "target" }, Name = "e" } };

        await Assert.ThrowsAsync<RpcException>(async () => await Engine.Client.CompleteOrchestratorTaskAsync(Answers.To(turn, send, new WorkflowAction())));
        await Engine.Client.CompleteOrchestratorTaskAsync(Answers.To(target, Answers.Complete(0, "\"done\"")));

        Assert.Equal("\"done\"", (await Engine.StateAsync("target")).Output);
        Assert.DoesNotContain(HistoryEvent.EventTypeOneofCase.EventRaised, Answers.Kinds(await Engine.HistoryAsync("target")));
    }

    [Fact]
    public async Task A_detached_workflow_whose_id_is_taken_is_left_as_it_is()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        await Engine.Client.StartInstanceAsync(Answers.Start("taken", input: "1"));
        using var worker = Engine.Connect();
        var detached = new WorkflowAction { Id = 0, CreateDetachedWorkflow = new CreateDetachedWorkflowAction { InstanceId = "taken", Name = "wf" } };

        await worker.AnswerAsync(detached, Answers.Complete(1, "1"));

        Assert.Equal(OrchestrationStatus.Completed, (await Engine.StateAsync("i")).WorkflowStatus);
        Assert.Equal("1", (await Engine.StateAsync("taken")).Input);
    }
}
