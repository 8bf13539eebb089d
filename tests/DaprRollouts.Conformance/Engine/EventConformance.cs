using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;
using Grpc.Core;

namespace DaprRollouts.Conformance.Engine;

/// <summary>External events.</summary>
public sealed class EventConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    private const string TimedOut = "timed out";

    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string[], string[]>("WaitFor", async (context, names) =>
        {
            List<string> payloads = [];
            foreach (var name in names!)
            {
                payloads.Add(await context.WaitForExternalEventAsync<string>(name));
            }

            return [.. payloads];
        });
        options.RegisterWorkflow<double, string>("WaitWithTimeout", async (context, milliseconds) =>
        {
            try
            {
                return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMilliseconds(milliseconds));
            }
            catch (OperationCanceledException)
            {
                return TimedOut;
            }
        });
        options.RegisterWorkflow<double, string>("LateWait", async (context, milliseconds) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
            return await context.WaitForExternalEventAsync<string>("go");
        });
        options.RegisterWorkflow<string, string?>("Sends", async (context, target) =>
        {
            context.SendEvent(target!, "go", "from a workflow");
            return await context.CallActivityAsync<string?>("Echo", "sent");
        });
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task An_event_reaches_a_workflow_that_waits(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("WaitFor", (string[])["go"]);
        await world.Client.RaiseEventAsync(id, "go", "payload");

        Assert.Equal((string[])["payload"], await world.ResultAsync<string[]>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task An_event_that_comes_before_it_is_waited_for_is_kept(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("LateWait", 300.0);
        await world.Client.RaiseEventAsync(id, "go", "early");

        Assert.Equal("early", await world.ResultAsync<string>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Events_of_one_name_are_taken_in_order_whatever_their_case(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("WaitFor", (string[])["b", "a", "A", "a"]);
        foreach (var (name, payload) in ((string, string)[])[("a", "1"), ("A", "2"), ("a", "3"), ("B", "4")])
        {
            await world.Client.RaiseEventAsync(id, name, payload);
        }

        Assert.Equal((string[])["4", "1", "2", "3"], await world.ResultAsync<string[]>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_hundred_events_at_once_arrive_once_each(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("WaitFor", Enumerable.Repeat("e", 100).ToArray());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.Client.RaiseEventAsync(id, "e", $"{i}")));

        var taken = await world.ResultAsync<string[]>(id);

        Assert.Equal(Enumerable.Range(0, 100), taken.Select(int.Parse).Order());
        var raised = (await world.HistoryAsync(id)).Where(e => e.EventRaised is not null).Select(e => e.Timestamp.ToDateTime()).ToList();
        Assert.Equal(100, raised.Distinct().Count());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_wait_ends_with_the_event_or_with_its_time(string door) => doors[door].RunAsync(async world =>
    {
        Assert.Equal(TimedOut, await world.RunAsync<string>("WaitWithTimeout", 200.0));
        Assert.Equal(TimedOut, await world.RunAsync<string>("WaitWithTimeout", 0.0));

        foreach (var milliseconds in (double[])[60_000, -1])
        {
            var id = await world.StartAsync("WaitWithTimeout", milliseconds);
            await world.Client.RaiseEventAsync(id, "go", "in time");
            Assert.Equal("in time", await world.ResultAsync<string>(id));
        }
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task An_event_for_an_ended_instance_is_dropped_and_for_none_an_error(string door) => doors[door].RunAsync(async world =>
    {
        var id = world.NewId();
        Assert.Equal("x", await world.RunAsync<string>("EchoAll", "x", id));
        var before = (await world.HistoryAsync(id)).Count;

        await world.Client.RaiseEventAsync(id, "go", "late");

        Assert.Equal(before, (await world.HistoryAsync(id)).Count);
        await Assert.ThrowsAsync<RpcException>(() => world.Client.RaiseEventAsync(world.NewId(), "go", "nobody"));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_workflow_sends_events_to_another_on_the_embedded_engine(string door) => doors[door].RunAsync(async world =>
    {
        Assert.SkipWhen(doors[door] is SidecarDoor, "a sidecar refuses it");
        var id = await world.StartAsync("WaitFor", (string[])["go"]);

        Assert.Equal("sent", await world.RunAsync<string>("Sends", id));
        Assert.Equal((string[])["from a workflow"], await world.ResultAsync<string[]>(id));
        Assert.Equal("sent", await world.RunAsync<string>("Sends", world.NewId()));
    });
}
