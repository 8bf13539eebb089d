using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>Instances that wait for a worker of a build that fits.</summary>
public sealed class StallTests
{
    private static readonly WorkflowAction Unknown = new() { WorkflowVersionNotAvailable = new WorkflowVersionNotAvailableAction() };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_whose_version_nobody_has_waits_for_another_worker_and_loses_no_event(bool restart)
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        await engine.RaiseAsync("go");
        using (var wrong = engine.Connect())
        {
            await wrong.AnswerAsync(Unknown);
            Assert.True(await wrong.IsIdleAsync());
        }

        await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("refused"));
        if (restart)
        {
            await engine.RestartAsync();
        }

        Assert.Equal(OrchestrationStatus.Stalled, (await engine.StateAsync()).WorkflowStatus);
        using var right = engine.Connect();
        var turn = await right.AnswerAsync(Answers.Complete(9, "done"));
        Assert.Equal(
            [HistoryEvent.EventTypeOneofCase.WorkflowStarted, HistoryEvent.EventTypeOneofCase.ExecutionStarted, HistoryEvent.EventTypeOneofCase.EventRaised],
            Answers.Kinds(turn.WorkflowRequest.NewEvents));
        Assert.Equal(OrchestrationStatus.Completed, (await engine.StateAsync()).WorkflowStatus);
    }

    [Theory]
    [InlineData("a b", "a b c", false)]
    [InlineData("a b", "a b", false)]
    [InlineData("a b", "a", true)]
    [InlineData("a b", "b a", true)]
    [InlineData("a b", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a a", "a a", false)]
    [InlineData("a a", "a", true)]
    public async Task Patches_of_the_history_must_lead_those_of_the_answer(string recorded, string answered, bool stalls)
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await engine.Client.CompleteWorkflowTaskAsync(Patched(await worker.NextAsync(), recorded));
        await engine.RaiseAsync("go");
        await engine.Client.CompleteWorkflowTaskAsync(Patched(await worker.NextAsync(), answered));

        var state = await engine.StateAsync();
        Assert.Equal(stalls ? OrchestrationStatus.Stalled : OrchestrationStatus.Running, state.WorkflowStatus);
        var patches = (await engine.HistoryAsync()).SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? Enumerable.Empty<string>());
        Assert.Equal(stalls ? recorded : answered, string.Join(' ', patches));
        Assert.Equal(stalls ? StalledReason.PatchMismatch : null, (await engine.HistoryAsync())[^1].ExecutionStalled?.Reason);
    }

    [Fact]
    public async Task Patches_that_are_met_again_at_every_turn_are_stored_once()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        foreach (var patches in (string[])["p", "p q", "p q"])
        {
            await engine.Client.CompleteOrchestratorTaskAsync(Patched(await worker.NextAsync(), patches));
            await engine.RaiseAsync("go");
        }

        await worker.NextAsync();
        Assert.Equal(["p", "q"], (await engine.HistoryAsync()).SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? Enumerable.Empty<string>()));
    }

    [Fact]
    public async Task A_stalled_instance_can_be_terminated()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(Unknown);

        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "one" });

        Assert.Equal(OrchestrationStatus.Terminated, (await engine.StateAsync()).WorkflowStatus);
    }

    private static WorkflowResponse Patched(WorkItem turn, string patches)
    {
        var response = Answers.To(turn);
        response.Version = new WorkflowVersion();
        response.Version.Patches.AddRange(patches.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return response;
    }
}
