using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>Instances that wait for a worker of a build that fits.</summary>
public sealed class StallTests
{
    [Fact]
    public async Task An_instance_whose_version_nobody_has_waits_for_another_worker()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using (var wrong = engine.Connect())
        {
            await wrong.AnswerAsync(await wrong.NextAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new() });
            Assert.True(await wrong.IsIdleAsync());
        }

        Assert.Equal(OrchestrationStatus.Stalled, (await engine.StateAsync()).WorkflowStatus);
        await Assert.ThrowsAsync<RpcException>(() => engine.RaiseAsync("go"));

        await engine.RestartAsync();
        Assert.Equal(OrchestrationStatus.Stalled, (await engine.StateAsync()).WorkflowStatus);
        using var right = engine.Connect();
        var turn = await right.NextAsync();
        Assert.Contains(turn.WorkflowRequest.NewEvents, e => e.ExecutionStarted is not null);
        await right.AnswerAsync(turn, RawWorker.End());
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
        await engine.Hub.CompleteWorkflowTaskAsync(Patched(await worker.NextAsync(), recorded));
        await engine.RaiseAsync("go");
        await engine.Hub.CompleteWorkflowTaskAsync(Patched(await worker.NextAsync(), answered));

        var state = await engine.StateAsync();
        Assert.Equal(stalls ? OrchestrationStatus.Stalled : OrchestrationStatus.Running, state.WorkflowStatus);
        var patches = (await engine.HistoryAsync()).SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? Enumerable.Empty<string>());
        Assert.Equal(stalls ? recorded : answered, string.Join(' ', patches));
    }

    [Fact]
    public async Task A_stalled_instance_can_be_terminated()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using var worker = engine.Connect();
        await worker.AnswerAsync(await worker.NextAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new() });

        await engine.Hub.TerminateInstanceAsync(new TerminateRequest { InstanceId = "one" });

        Assert.Equal(OrchestrationStatus.Terminated, (await engine.StateAsync()).WorkflowStatus);
    }

    private static WorkflowResponse Patched(WorkItem turn, string patches)
    {
        var response = RawWorker.Answer(turn);
        response.Version = new WorkflowVersion();
        response.Version.Patches.AddRange(patches.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return response;
    }
}
