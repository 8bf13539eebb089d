using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine;

/// <summary>An instance whose worker does not know its version waits for one that does.</summary>
public sealed class StalledInstances : EngineTest
{
    private static readonly WorkflowAction Unknown = new() { WorkflowVersionNotAvailable = new WorkflowVersionNotAvailableAction() };

    [Fact]
    public async Task A_new_worker_gets_the_turn_again()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using (var old = Engine.Connect())
        {
            await old.AnswerAsync(Unknown);
        }

        Assert.Equal(OrchestrationStatus.Stalled, (await StateAsync("i")).WorkflowStatus);
        using var worker = Engine.Connect();
        var turn = await worker.AnswerAsync(Answers.Complete(0, "1"));

        Assert.Contains(HistoryEvent.EventTypeOneofCase.ExecutionStarted, Answers.Kinds(turn.WorkflowRequest.NewEvents));
        Assert.Equal(OrchestrationStatus.Completed, (await StateAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task It_is_tried_again_after_a_restart_and_loses_no_event()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        using (var old = Engine.Connect())
        {
            await old.AnswerAsync(Unknown);
        }

        await RestartAsync();
        using var worker = Engine.Connect();

        Assert.Equal(
            [HistoryEvent.EventTypeOneofCase.WorkflowStarted, HistoryEvent.EventTypeOneofCase.ExecutionStarted, HistoryEvent.EventTypeOneofCase.EventRaised],
            Answers.Kinds((await worker.NextTurnAsync()).NewEvents));
    }

    [Fact]
    public async Task It_refuses_events_but_can_be_terminated()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await worker.AnswerAsync(Unknown);

        await Assert.ThrowsAsync<RpcException>(async () => await Engine.Client.RaiseEventAsync(Answers.Event("i", "e")));
        await Engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "i" });

        Assert.Equal(OrchestrationStatus.Terminated, (await StateAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task Patches_are_stored_once()
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await AnswerAsync(worker, "p");
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await AnswerAsync(worker, "p", "q");
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await AnswerAsync(worker, "p", "q");

        Assert.Equal(["p", "q"], (await HistoryAsync("i")).SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? []));
        Assert.Equal(OrchestrationStatus.Running, (await StateAsync("i")).WorkflowStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("q p")]
    public async Task A_worker_that_follows_other_patches_stalls_it(string patches)
    {
        await Engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = Engine.Connect();
        await AnswerAsync(worker, "p");
        await Engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await AnswerAsync(worker, patches.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(OrchestrationStatus.Stalled, (await StateAsync("i")).WorkflowStatus);
        Assert.Equal(StalledReason.PatchMismatch, (await HistoryAsync("i"))[^1].ExecutionStalled.Reason);
    }

    private async Task AnswerAsync(ManualWorker worker, params string[] patches)
    {
        var answer = Answers.To(await worker.NextAsync());
        answer.Version = new WorkflowVersion { Patches = { patches } };
        await Engine.Client.CompleteOrchestratorTaskAsync(answer);
    }
}
