using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>Activities in chains and side by side, what they are given and return, and how they fail.</summary>
public sealed class ActivityConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        var failuresLeft = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        options.RegisterActivity<int, int>("AddOne", (_, n) => Task.FromResult(n + 1));
        options.RegisterActivity<string?, string?>("Echo", (_, text) => Task.FromResult(text));
        options.RegisterActivity<string, string>("Fail", (_, text) => throw new InvalidOperationException(text));
        options.RegisterActivity<int, int>("FailTimes", (context, times) =>
        {
            var left = failuresLeft.AddOrUpdate(context.InstanceId, times, (_, n) => n - 1);
            return left > 0 ? throw new InvalidOperationException($"{left} to go") : Task.FromResult(times);
        });
        options.RegisterWorkflow<int, int>("Chain", async (context, links) =>
        {
            var n = 0;
            for (var i = 0; i < links; i++)
            {
                n = await context.CallActivityAsync<int>("AddOne", n);
            }

            return n;
        });
        options.RegisterWorkflow<int, int>("FanOut", async (context, width) =>
            (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("AddOne", i)))).Sum());
        options.RegisterWorkflow<string?, string?>("EchoAll", (context, text) => context.CallActivityAsync<string?>("Echo", text));
        options.RegisterWorkflow<string, string>("Failing", (context, text) => context.CallActivityAsync<string>("Fail", text));
        options.RegisterWorkflow<string, string>("Catching", async (context, text) =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Fail", text);
            }
            catch (WorkflowTaskFailedException e)
            {
                return $"{e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
            }
        });
        options.RegisterWorkflow<int, int>("Retrying", (context, times) => context.CallActivityAsync<int>(
            "FailTimes", times, new WorkflowTaskOptions(new WorkflowRetryPolicy(4, TimeSpan.FromMilliseconds(20), 2, TimeSpan.FromMilliseconds(50)))));
        options.RegisterWorkflow<string, string>("CallsUnknown", (context, name) => context.CallActivityAsync<string>(name));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_chain_hands_each_result_to_the_next_activity(string door) => doors[door].RunAsync(async world =>
        Assert.Equal(10, await world.RunAsync<int>("Chain", 10)));

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Two_hundred_activities_run_side_by_side(string door) => doors[door].RunAsync(async world =>
        Assert.Equal(200 * 201 / 2, await world.RunAsync<int>("FanOut", 200)));

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Payloads_arrive_as_they_were_sent(string door) => doors[door].RunAsync(async world =>
    {
        foreach (var text in (string?[])[null, "", "plain", "Ünïcödé 漢字 🚀 \u0000\u001f \"quoted\" \\", new string('x', 100_000)])
        {
            Assert.Equal(text, await world.RunAsync<string?>("EchoAll", text));
        }
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_history_may_have_megabytes(string door) => doors[door].RunAsync(async world =>
    {
        var text = new string('m', 900_000);

        Assert.Equal(text, await world.RunAsync<string?>("EchoAll", text));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_failed_activity_fails_the_workflow_that_does_not_catch_it(string door) => doors[door].RunAsync(async world =>
    {
        var state = await world.Client.WaitForWorkflowCompletionAsync(await world.StartAsync("Failing", "no luck"));

        Assert.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.NotNull(state.FailureDetails);
        Assert.Contains("no luck", state.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_workflow_sees_type_and_message_of_a_failure(string door) => doors[door].RunAsync(async world =>
        Assert.Equal("System.InvalidOperationException: no luck", await world.RunAsync<string>("Catching", "no luck")));

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Retries_go_on_until_the_activity_succeeds(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Retrying", 3);

        Assert.Equal(3, await world.ResultAsync<int>(id));
        Assert.Equal(4, (await world.HistoryAsync(id)).Count(e => e.TaskScheduled is not null));
        Assert.Equal(3, (await world.HistoryAsync(id)).Count(e => e.TimerFired is not null));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Retries_end_with_the_last_attempt(string door) => doors[door].RunAsync(async world =>
    {
        var state = await world.Client.WaitForWorkflowCompletionAsync(await world.StartAsync("Retrying", 100));

        Assert.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Unknown_workflows_and_activities_fail(string door) => doors[door].RunAsync(async world =>
    {
        foreach (var name in (string[])["NoSuchWorkflow", "CallsUnknown"])
        {
            var state = await world.Client.WaitForWorkflowCompletionAsync(await world.StartAsync(name, "NoSuchActivity"));
            Assert.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus);
        }
    });
}
