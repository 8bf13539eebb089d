using System.Text.Json;
using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprRollouts.Conformance.Engine;

/// <summary>
/// This project's client with workflows that a worker of another make runs on the engine. <c>tests/foreign-peer/run</c> starts both, and names the engine in
/// DAPR_ROLLOUTS_TEST_FOREIGN_WORKER.
/// </summary>
public sealed class ForeignWorker : IDisposable
{
    private readonly IHost _host = WorkerHosts.Build(new Uri(Environment.GetEnvironmentVariable("DAPR_ROLLOUTS_TEST_FOREIGN_WORKER")!), _ => { });

    // The host is not started: its own worker would take the work.
    private DaprWorkflowClient Client => _host.Services.GetRequiredService<DaprWorkflowClient>();

    public static TheoryData<string, int, string> Workflows => new()
    {
        { "chain", 1, "6" },
        { "fanOut", 0, "230" },
        { "timer", 0, "\"fired\"" },
        { "parent", 0, "15" },
        { "renewing", 1, "5" },
    };

    public void Dispose() => _host.Dispose();

    [Theory(Explicit = true)]
    [MemberData(nameof(Workflows))]
    public async Task A_workflow_is_started_and_its_result_read(string workflow, int input, string result)
    {
        var id = await Client.ScheduleNewWorkflowAsync(workflow, null, input);
        var state = await Client.WaitForWorkflowCompletionAsync(id);

        Assert.Equal(WorkflowRuntimeStatus.Completed, state.RuntimeStatus);
        Assert.Equal(result, state.ReadOutputAs<JsonElement>().GetRawText());
    }

    [Fact(Explicit = true)]
    public async Task A_failure_is_told()
    {
        var id = await Client.ScheduleNewWorkflowAsync("failing");
        var state = await Client.WaitForWorkflowCompletionAsync(id);

        Assert.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains("on purpose", state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public async Task A_workflow_is_suspended_resumed_and_told_of_an_event()
    {
        var id = await Client.ScheduleNewWorkflowAsync("waiting");
        await Client.SuspendWorkflowAsync(id, "a while");
        Assert.Equal(WorkflowRuntimeStatus.Suspended, (await Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        await Client.RaiseEventAsync(id, "GO", "you");
        await Client.ResumeWorkflowAsync(id);

        Assert.Equal("heard you", (await Client.WaitForWorkflowCompletionAsync(id)).ReadOutputAs<string>());
        Assert.True(await Client.PurgeInstanceAsync(id));
    }

    [Fact(Explicit = true)]
    public async Task A_workflow_is_terminated()
    {
        var id = await Client.ScheduleNewWorkflowAsync("waiting");
        await Client.TerminateWorkflowAsync(id, "enough");

        var state = await Client.WaitForWorkflowCompletionAsync(id);
        Assert.Equal((WorkflowRuntimeStatus.Terminated, "enough"), (state.RuntimeStatus, state.ReadOutputAs<string>()));
    }
}
