using Dapr.Workflow;
using Dapr.Workflow.Client;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>What a workflow sees of its history, and what a history looks like.</summary>
public sealed class ReplayConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string, bool[]>("SeesReplay", async (context, _) =>
        {
            List<bool> seen = [context.IsReplaying];
            await context.CallActivityAsync("Echo", "1");
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("Echo", "2");
            seen.Add(context.IsReplaying);
            return [.. seen];
        });
        options.RegisterWorkflow<string, Guid[]>("MakesGuids", async (context, _) =>
        {
            var first = context.NewGuid();
            await context.CreateTimer(TimeSpan.FromMilliseconds(20));
            return [first, context.NewGuid()];
        });
        options.RegisterWorkflow<string, DateTime[]>("LooksAtTheClock", async (context, _) =>
        {
            var before = context.CurrentUtcDateTime;
            var again = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(50));
            return [before, again, context.CurrentUtcDateTime];
        });
        options.RegisterWorkflow<string, string?>("Patched", async (context, _) =>
        {
            var word = context.IsPatched("better") ? "new" : "old";
            await context.CallActivityAsync("Echo", word);
            return context.IsPatched("better") ? word : "changed its mind";
        });
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Code_is_replayed_up_to_what_is_new(string door) => doors[door].RunAsync(async world =>
        Assert.Equal((bool[])[true, true, false], await world.RunAsync<bool[]>("SeesReplay", "")));

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Generated_ids_are_the_same_in_every_replay_and_other_in_every_execution(string door) => doors[door].RunAsync(async world =>
    {
        var id = world.NewId();
        var first = await world.RunAsync<Guid[]>("MakesGuids", "", id);
        var second = await world.RunAsync<Guid[]>("MakesGuids", "", id);

        Assert.Equal(4, first.Concat(second).Distinct().Count());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task The_clock_stands_still_within_a_turn(string door) => doors[door].RunAsync(async world =>
    {
        var times = await world.RunAsync<DateTime[]>("LooksAtTheClock", "");

        Assert.Equal(times[0], times[1]);
        Assert.True(times[2] >= times[0].AddMilliseconds(50));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_patch_holds_for_the_whole_execution_and_is_recorded_each_time_it_is_asked_for(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Patched", "");

        Assert.Equal("new", await world.ResultAsync<string>(id));
        var patches = (await world.HistoryAsync(id)).SelectMany(e => e.WorkflowStarted?.Version?.Patches ?? Enumerable.Empty<string>());
        Assert.Equal(["better", "better"], patches);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_history_is_in_order_and_numbers_what_the_workflow_asked_for(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Chain", 3);
        await world.ResultAsync<int>(id);

        var history = await world.HistoryAsync(id);

        Assert.Equal([0, 1, 2], history.Where(e => e.TaskScheduled is not null).Select(e => e.EventId));
        Assert.Equal([0, 1, 2], history.Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.TaskScheduledId));
        Assert.All(history.Where(e => e.TaskScheduled is null && e.ExecutionCompleted is null), e => Assert.Equal(-1, e.EventId));
        // A turn begins after what it takes in has arrived: later, where the worker had to be waited for.
        var times = history.Where(e => e.WorkflowStarted is null).Select(e => e.Timestamp.ToDateTime()).ToList();
        Assert.Equal(times.Order(), times);
        Assert.NotNull(history[0].WorkflowStarted);
        Assert.NotNull(history[1].ExecutionStarted);
        Assert.NotNull(history[^1].ExecutionCompleted);
        Assert.Equal(history.Count, (await world.Client.GetInstanceHistoryAsync(id)).Count);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_rerun_repeats_a_call_and_what_follows(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Chain", 4);
        await world.ResultAsync<int>(id);

        var again = await world.Client.RerunWorkflowFromEventAsync(
            id, 2, new RerunWorkflowFromEventOptions { NewInstanceId = world.NewId(), Input = 40, OverwriteInput = true });

        Assert.Equal(42, await world.ResultAsync<int>(again));
        Assert.Equal(id, (await world.HistoryAsync(again)).Single(e => e.TaskScheduled?.RerunParentInstanceInfo is not null)
            .TaskScheduled.RerunParentInstanceInfo.InstanceID);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => world.Client.RerunWorkflowFromEventAsync(id, 77));
    });
}
