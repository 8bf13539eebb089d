using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine;

/// <summary>Start, look at, suspend, resume, terminate, purge and list.</summary>
public sealed class LifecycleConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string, string>("ShowsStatus", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            var word = await context.WaitForExternalEventAsync<string>("go");
            context.SetCustomStatus("done");
            return word;
        });
        options.RegisterWorkflow<int, string>("WaitsBelow", (context, depth) => depth == 0
            ? context.WaitForExternalEventAsync<string>("never")
            : context.CallChildWorkflowAsync<string>("WaitsBelow", depth - 1, new ChildWorkflowTaskOptions($"{context.InstanceId}-c")));
        options.RegisterWorkflow<int, int>("SpinsForEver", async (context, n) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(10));
            context.ContinueAsNew(n + 1);
            return n;
        });
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_state_tells_what_is_known(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("ShowsStatus", "in");
        var running = await world.Client.GetWorkflowStateAsync(id);
        Assert.Equal(
            (WorkflowRuntimeStatus.Running, "ShowsStatus", "in", "waiting"),
            (running.RuntimeStatus, running.WorkflowName, running.ReadInputAs<string>(), running.ReadCustomStatusAs<string>()));

        await world.Client.RaiseEventAsync(id, "go", "out");
        Assert.Equal("out", await world.ResultAsync<string>(id));

        var ended = await world.Client.GetWorkflowStateAsync(id);
        Assert.Equal("done", ended.ReadCustomStatusAs<string>());
        Assert.True(ended.LastUpdatedAt >= ended.CreatedAt);
        var bare = (await world.Hub.GetInstanceAsync(new GetInstanceRequest { InstanceId = id })).WorkflowState;
        Assert.Null(bare.Input ?? bare.Output ?? bare.CustomStatus);
        Assert.False((await world.Client.GetWorkflowStateAsync(world.NewId())).Exists);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_suspended_instance_holds_what_arrives_until_it_is_resumed(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("ShowsStatus");
        await world.Client.SuspendWorkflowAsync(id, "for a while");
        await world.Client.SuspendWorkflowAsync(id);
        await world.Client.RaiseEventAsync(id, "go", "held");
        await world.Delay(TimeSpan.FromMilliseconds(100));

        var held = await world.Client.GetWorkflowStateAsync(id);
        Assert.Equal((WorkflowRuntimeStatus.Suspended, "waiting"), (held.RuntimeStatus, held.ReadCustomStatusAs<string>()));

        await world.Client.ResumeWorkflowAsync(id);
        Assert.Equal("held", await world.ResultAsync<string>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_resumed_instance_goes_on_waiting(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("ShowsStatus");
        for (var i = 0; i < 3; i++)
        {
            await world.Client.SuspendWorkflowAsync(id);
            await world.Client.ResumeWorkflowAsync(id);
            Assert.Equal(WorkflowRuntimeStatus.Running, (await world.Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        }

        await world.Client.RaiseEventAsync(id, "go", "on");
        Assert.Equal("on", await world.ResultAsync<string>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_terminated_instance_ends_with_the_given_output(string door) => doors[door].RunAsync(async world =>
    {
        var running = await world.StartAsync("ShowsStatus");
        var suspended = await world.StartAsync("ShowsStatus");
        await world.Client.SuspendWorkflowAsync(suspended);
        var spinning = await world.StartAsync("SpinsForEver", 0);

        foreach (var id in (string[])[running, suspended, spinning])
        {
            await world.Client.TerminateWorkflowAsync(id, "enough");
            var state = await world.Client.WaitForWorkflowCompletionAsync(id);
            Assert.Equal((WorkflowRuntimeStatus.Terminated, "enough"), (state.RuntimeStatus, state.ReadOutputAs<string>()));
        }

        await world.Client.TerminateWorkflowAsync(running, "again");
        Assert.Equal("enough", (await world.Client.GetWorkflowStateAsync(running)).ReadOutputAs<string>());
        await Assert.ThrowsAsync<RpcException>(() => world.Client.TerminateWorkflowAsync(world.NewId()));
        await Assert.ThrowsAsync<RpcException>(() => world.Client.SuspendWorkflowAsync(world.NewId()));
        await Assert.ThrowsAsync<RpcException>(() => world.Client.ResumeWorkflowAsync(world.NewId()));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Termination_reaches_the_children(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("WaitsBelow", 3);
        await world.UntilAsync($"{id}-c-c-c", s => s.RuntimeStatus == WorkflowRuntimeStatus.Running);

        await world.Client.TerminateWorkflowAsync(id);

        foreach (var child in (string[])[$"{id}-c", $"{id}-c-c", $"{id}-c-c-c"])
        {
            Assert.Equal(WorkflowRuntimeStatus.Terminated, (await world.Client.WaitForWorkflowCompletionAsync(child)).RuntimeStatus);
        }

        var purged = await world.Hub.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = id, Recursive = true });
        Assert.Equal(4, purged.DeletedInstanceCount);
        Assert.False((await world.Client.GetWorkflowStateAsync($"{id}-c-c-c")).Exists);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task An_id_is_taken_until_its_family_has_ended(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("WaitsBelow", 1);
        await world.UntilAsync($"{id}-c", s => s.RuntimeStatus == WorkflowRuntimeStatus.Running);
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(() => world.StartAsync("EchoAll", "x", id))).StatusCode);

        await world.Hub.TerminateInstanceAsync(new TerminateRequest { InstanceId = id });
        await Assert.ThrowsAsync<RpcException>(() => world.StartAsync("EchoAll", "x", id));

        await world.Client.TerminateWorkflowAsync($"{id}-c");
        Assert.Equal("x", await world.RunAsync<string>("EchoAll", "x", id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Only_what_has_ended_is_purged(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("ShowsStatus");
        await Assert.ThrowsAsync<RpcException>(() => world.Client.PurgeInstanceAsync(id));
        await world.Client.TerminateWorkflowAsync(id);

        Assert.True(await world.Client.PurgeInstanceAsync(id));

        Assert.False((await world.Client.GetWorkflowStateAsync(id)).Exists);
        await Assert.ThrowsAsync<RpcException>(() => world.Client.PurgeInstanceAsync(id));
        await Assert.ThrowsAsync<RpcException>(() => world.Client.RaiseEventAsync(id, "go"));
        Assert.Equal("x", await world.RunAsync<string>("EchoAll", "x", id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_start_for_later_waits_for_its_time(string door) => doors[door].RunAsync(async world =>
    {
        var (now, late) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddMilliseconds(500));
        var id = await world.Client.ScheduleNewWorkflowAsync("LooksAtTheClock", world.NewId(), "", late);
        Assert.True((await world.ResultAsync<DateTime[]>(id))[0] >= late.UtcDateTime);

        var past = await world.Client.ScheduleNewWorkflowAsync("EchoAll", world.NewId(), "x", now.AddYears(-50));
        Assert.Equal("x", await world.ResultAsync<string>(past));
        var never = await world.Client.ScheduleNewWorkflowAsync("EchoAll", world.NewId(), "x", now.AddYears(50));
        Assert.Equal(WorkflowRuntimeStatus.Pending, (await world.Client.GetWorkflowStateAsync(never)).RuntimeStatus);
        await world.Client.TerminateWorkflowAsync(never);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await world.Client.GetWorkflowStateAsync(never)).RuntimeStatus);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Waiting_may_begin_before_the_instance_exists(string door) => doors[door].RunAsync(async world =>
    {
        var id = world.NewId();
        var begun = world.Client.WaitForWorkflowStartAsync(id);
        var ended = world.Client.WaitForWorkflowCompletionAsync(id);
        await world.StartAsync("EchoAll", "x", id);

        Assert.True((await begun).Exists);
        Assert.Equal("x", (await ended).ReadOutputAs<string>());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task All_ids_are_listed_page_by_page(string door) => doors[door].RunAsync(async world =>
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => world.StartAsync("EchoAll", "x")));
        List<string> listed = [];
        string? next = null;
        do
        {
            var page = await world.Client.ListInstanceIdsAsync(next, 10);
            Assert.InRange(page.InstanceIds.Count, 0, 10);
            listed.AddRange(page.InstanceIds);
            next = page.ContinuationToken;
        }
        while (next is not null);

        Assert.Empty(ids.Except(listed));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Requests_that_make_no_sense_are_refused(string door) => doors[door].RunAsync(async world =>
    {
        Assert.SkipWhen(doors[door] is SidecarDoor, "a sidecar has its own ways");
        await Assert.ThrowsAsync<RpcException>(async () => await world.Hub.StartInstanceAsync(new CreateInstanceRequest()));
        await Assert.ThrowsAsync<RpcException>(async () => await world.Hub.StartInstanceAsync(
            new CreateInstanceRequest { Name = "EchoAll", ScheduledStartTimestamp = new Timestamp { Seconds = long.MaxValue } }));
        await Assert.ThrowsAsync<RpcException>(async () => await world.Hub.PurgeInstancesAsync(
            new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter() }));
        await Assert.ThrowsAsync<RpcException>(async () => await world.Hub.GetInstanceHistoryAsync(
            new GetInstanceHistoryRequest { InstanceId = world.NewId() }));
    });
}
