using Dapr.Workflow;
using DaprRollouts.Protocol;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>An engine with a worker that knows the sample workflows, as a scenario sees it.</summary>
internal sealed class EngineWorld(DaprWorkflowClient client, Hub hub, TimeProvider time)
{
    private readonly string _prefix = Guid.NewGuid().ToString("N")[..8];
    private int _ids;

    public DaprWorkflowClient Client => client;

    /// <summary>The client's side of the protocol itself, for what the client library hides.</summary>
    public Hub Hub => hub;

    public TimeProvider Time => time;

    /// <summary>An id that nothing else has.</summary>
    public string NewId() => $"{_prefix}-{++_ids}";

    public Task Delay(TimeSpan span) => Task.Delay(span, time);

    public Task<string> StartAsync(string workflow, object? input = null, string? id = null) =>
        client.ScheduleNewWorkflowAsync(workflow, id ?? NewId(), input);

    /// <summary>Runs a workflow to its end, which must be a good one.</summary>
    public async Task<T> RunAsync<T>(string workflow, object? input = null, string? id = null) =>
        await ResultAsync<T>(await StartAsync(workflow, input, id));

    /// <summary>What an instance has returned, when it has completed.</summary>
    public async Task<T> ResultAsync<T>(string id)
    {
        var state = await client.WaitForWorkflowCompletionAsync(id);
        Assert.True(
            state.RuntimeStatus == WorkflowRuntimeStatus.Completed,
            $"{id} is {state.RuntimeStatus}: {state.FailureDetails?.ErrorType}: {state.FailureDetails?.ErrorMessage}");
        return state.ReadOutputAs<T>()!;
    }

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public Task UntilAsync(string id, Func<Dapr.Workflow.WorkflowState, bool> condition) =>
        UntilAsync(async () => condition(await client.GetWorkflowStateAsync(id)));

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id) =>
        (await hub.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id })).Events;
}
