using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>What happens to an instance while it is suspended, and what comes of it afterwards.</summary>
public sealed class SuspensionConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    private const string TimedOut = "timed out";

    // Milliseconds in which even a machine with much else to do suspends an instance and raises an event.
    private const double TimeToSuspend = 3000;

    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options) => options.RegisterWorkflow<double, string>("ShowsAndWaits", async (context, milliseconds) =>
    {
        context.SetCustomStatus("waiting");
        try
        {
            return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMilliseconds(milliseconds));
        }
        catch (OperationCanceledException)
        {
            return TimedOut;
        }
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Of_an_event_and_a_timer_in_one_turn_the_earlier_wins(string door) => doors[door].RunAsync(async world =>
    {
        var eventFirst = await SuspendedAsync(world, TimeToSuspend);
        await world.Client.RaiseEventAsync(eventFirst, "go", "in time");
        var timerFirst = await SuspendedAsync(world, TimeToSuspend);
        await world.Delay(TimeSpan.FromMilliseconds(1.5 * TimeToSuspend));
        await world.Client.RaiseEventAsync(timerFirst, "go", "too late");

        await world.Client.ResumeWorkflowAsync(eventFirst);
        await world.Client.ResumeWorkflowAsync(timerFirst);

        Assert.Equal("in time", await world.ResultAsync<string>(eventFirst));
        Assert.Equal(TimedOut, await world.ResultAsync<string>(timerFirst));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_custom_status_outlives_a_suspension(string door) => doors[door].RunAsync(async world =>
    {
        var id = await SuspendedAsync(world, 60_000);
        Assert.Equal("waiting", (await world.Client.GetWorkflowStateAsync(id)).ReadCustomStatusAs<string>());

        await world.Client.ResumeWorkflowAsync(id);
        await world.Client.RaiseEventAsync(id, "go", "done");
        Assert.Equal("done", await world.ResultAsync<string>(id));

        Assert.Equal("waiting", (await world.Client.GetWorkflowStateAsync(id)).ReadCustomStatusAs<string>());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_suspended_instance_can_be_terminated(string door) => doors[door].RunAsync(async world =>
    {
        var id = await SuspendedAsync(world, 60_000);
        await world.Client.RaiseEventAsync(id, "go", "never seen");

        await world.Client.TerminateWorkflowAsync(id, "enough");

        var state = await world.Client.WaitForWorkflowCompletionAsync(id);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, state.RuntimeStatus);
        Assert.Equal("enough", state.ReadOutputAs<string>());
    });

    private static async Task<string> SuspendedAsync(EngineWorld world, double milliseconds)
    {
        var id = await world.StartAsync("ShowsAndWaits", milliseconds);
        await world.Client.SuspendWorkflowAsync(id, "a while");
        Assert.Equal(WorkflowRuntimeStatus.Suspended, (await world.Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        return id;
    }
}
