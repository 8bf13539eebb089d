using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>Workflows that continue as new.</summary>
public sealed class RenewalConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<int, int>("CountDown", (context, left) =>
        {
            if (left > 0)
            {
                context.ContinueAsNew(left - 1);
            }

            return Task.FromResult(left);
        });
        options.RegisterWorkflow<Gathering, string[]>("Gather", async (context, gathering) =>
        {
            var word = await context.WaitForExternalEventAsync<string>("word");
            var words = gathering!.Words.Append(word).ToArray();
            if (words.Length < gathering.Wanted)
            {
                context.ContinueAsNew(gathering with { Words = words }, gathering.Keeps);
            }

            return words;
        });
        options.RegisterWorkflow<int, string>("LeavesWorkBehind", async (context, generation) =>
        {
            var here = context.CallActivityAsync<string>("Dawdle", generation == 0 ? 400 : 5);
            if (generation == 0)
            {
                _ = context.CreateTimer(TimeSpan.FromMilliseconds(300));
                await context.CallActivityAsync<string>("Echo", "now");
                context.ContinueAsNew(1);
                return "";
            }

            var first = await here;
            await context.CreateTimer(TimeSpan.FromMilliseconds(1000));
            return first;
        });
        options.RegisterActivity<DawdleActivity>("Dawdle");
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Twenty_five_generations_follow_each_other(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("CountDown", 25);

        Assert.Equal(0, await world.ResultAsync<int>(id));
        Assert.Equal(0, (await world.Client.GetWorkflowStateAsync(id)).ReadInputAs<int>());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Events_that_nobody_has_taken_are_carried_over(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Gather", new Gathering([], 20, Keeps: true));
        for (var i = 0; i < 20; i++)
        {
            await world.Client.RaiseEventAsync(id, "word", $"{i}");
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), await world.ResultAsync<string[]>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Without_carry_over_only_what_comes_later_is_seen(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("Gather", new Gathering([], 2, Keeps: false));
        await world.Client.RaiseEventAsync(id, "word", "first");
        await world.UntilAsync(async () => (await world.HistoryAsync(id)).Any(e => e.ExecutionStarted?.Input.Contains("first", StringComparison.Ordinal) == true));
        await world.Client.RaiseEventAsync(id, "word", "second");

        Assert.Equal((string[])["first", "second"], await world.ResultAsync<string[]>(id));
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Work_of_an_older_generation_does_not_reach_the_next(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("LeavesWorkBehind", 0);

        Assert.Equal("after 5", await world.ResultAsync<string>(id));
        Assert.Single((await world.HistoryAsync(id)), e => e.TimerFired is not null);
        Assert.Single((await world.HistoryAsync(id)), e => e.TaskCompleted is not null);
    });

    internal sealed record Gathering(string[] Words, int Wanted, bool Keeps);

    /// <summary>Takes its time: longer than its generation lives.</summary>
    internal sealed class DawdleActivity(TimeProvider time) : WorkflowActivity<int, string>
    {
        public override async Task<string> RunAsync(WorkflowActivityContext context, int input)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(input), time);
            return $"after {input}";
        }
    }
}
