using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>Workflows that call workflows.</summary>
public sealed class ChildConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string, string?>("Parent", async (context, child) =>
        {
            var parts = child!.Split(' ');
            var retries = parts.Length > 2 ? new WorkflowRetryPolicy(int.Parse(parts[2]), TimeSpan.FromMilliseconds(20)) : null;
            try
            {
                return await context.CallChildWorkflowAsync<string?>(
                    parts[0], parts[0] == "Retrying" ? 2 : (object)parts[0], new ChildWorkflowTaskOptions(parts.Length > 1 && parts[1] != "-" ? parts[1] : null, retries));
            }
            catch (WorkflowTaskFailedException e)
            {
                return $"failed: {e.FailureDetails.ErrorMessage}";
            }
        });
        options.RegisterWorkflow<int, int>("Descend", async (context, depth) =>
            depth == 0 ? 1 : 1 + await context.CallChildWorkflowAsync<int>("Descend", depth - 1));
        options.RegisterWorkflow<int, int>("Family", async (context, width) =>
            (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallChildWorkflowAsync<int>("Chain", i)))).Sum());
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_child_returns_its_result(string door) => doors[door].RunAsync(async world =>
    {
        Assert.Equal("EchoAll", await world.RunAsync<string>("Parent", "EchoAll"));
        Assert.Equal(6, await world.RunAsync<int>("Descend", 5));
        Assert.Equal(45, await world.RunAsync<int>("Family", 10));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_child_has_the_id_that_it_was_given(string door) => doors[door].RunAsync(async world =>
    {
        var child = world.NewId();

        Assert.Equal("EchoAll", await world.RunAsync<string>("Parent", $"EchoAll {child}"));

        Assert.Equal("EchoAll", (await world.Client.GetWorkflowStateAsync(child)).WorkflowName);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_failed_child_fails_the_call(string door) => doors[door].RunAsync(async world =>
    {
        Assert.StartsWith("failed: ", await world.RunAsync<string>("Parent", "Failing"), StringComparison.Ordinal);
        Assert.StartsWith("failed: ", await world.RunAsync<string>("Parent", "NoSuchWorkflow"), StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_failed_child_is_tried_again_under_the_same_id(string door) => doors[door].RunAsync(async world =>
    {
        var child = world.NewId();
        var id = await world.StartAsync("Parent", $"Failing {child} 3");

        Assert.StartsWith("failed: ", await world.ResultAsync<string>(id), StringComparison.Ordinal);

        Assert.Equal(3, (await world.HistoryAsync(id)).Count(e => e.ChildWorkflowInstanceFailed is not null));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_terminated_child_fails_the_call(string door) => doors[door].RunAsync(async world =>
    {
        var child = world.NewId();
        var id = await world.StartAsync("Parent", $"LateWait {child}");
        await world.UntilAsync(child, s => s.Exists);

        await world.Client.TerminateWorkflowAsync(child);

        Assert.StartsWith("failed: ", await world.ResultAsync<string>(id), StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_child_whose_id_is_taken_fails_the_call(string door) => doors[door].RunAsync(async world =>
    {
        var taken = await world.StartAsync("WaitFor", (string[])["go"]);

        Assert.Contains("already exists", await world.RunAsync<string>("Parent", $"EchoAll {taken}"), StringComparison.Ordinal);

        await world.Client.RaiseEventAsync(taken, "go", "on");
        Assert.Equal((string[])["on"], await world.ResultAsync<string[]>(taken));
    });
}
