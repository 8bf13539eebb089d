using Dapr.Workflow;
using DaprRollouts.Conformance.Engine.Doors;

namespace DaprRollouts.Conformance.Engine;

/// <summary>Durable timers.</summary>
public sealed class TimerConformance(EngineDoors doors) : IClassFixture<EngineDoors>
{
    public static TheoryData<string> Doors => EngineDoors.Names;

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<double, double>("Sleep", async (context, milliseconds) =>
        {
            var before = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
            return (context.CurrentUtcDateTime - before).TotalMilliseconds;
        });
        options.RegisterWorkflow<int, int>("SleepSideBySide", async (context, count) =>
        {
            var woken = 0;
            await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(10 * (i % 7)));
                woken++;
            }));
            return woken;
        });
        options.RegisterWorkflow<int, string>("CancelsTimer", async (context, milliseconds) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(milliseconds), cancel.Token);
            var word = await context.CallActivityAsync<string>("Echo", "done");
#pragma warning disable CA1849 // CancelAsync would leave the workflow's thread.
            cancel.Cancel();
#pragma warning restore CA1849
            try
            {
                await timer;
                return "fired";
            }
            catch (OperationCanceledException)
            {
                // Long enough for the durable timer, which stays, to fire into the void.
                await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
                return word!;
            }
        });
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_timer_fires_when_its_time_has_come(string door) => doors[door].RunAsync(async world =>
        Assert.InRange(await world.RunAsync<double>("Sleep", 300), 300, 30_000));

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_timer_of_a_millisecond_or_of_the_past_fires_at_once(string door) => doors[door].RunAsync(async world =>
    {
        Assert.InRange(await world.RunAsync<double>("Sleep", 1), 0, 10_000);
        Assert.InRange(await world.RunAsync<double>("Sleep", -60_000), 0, 10_000);
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_timer_of_thirty_days_waits(string door) => doors[door].RunAsync(async world =>
    {
        var days = TimeSpan.FromDays(30).TotalMilliseconds;
        var id = await world.StartAsync("Sleep", days);
        if (doors[door].IsRealTime)
        {
            await world.Delay(TimeSpan.FromMilliseconds(300));
            Assert.Equal(WorkflowRuntimeStatus.Running, (await world.Client.GetWorkflowStateAsync(id)).RuntimeStatus);
            await world.Client.TerminateWorkflowAsync(id);
        }
        else
        {
            Assert.InRange(await world.ResultAsync<double>(id), days, days + 1);
        }
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task Many_timers_fire_once_each(string door) => doors[door].RunAsync(async world =>
    {
        var id = await world.StartAsync("SleepSideBySide", 60);

        Assert.Equal(60, await world.ResultAsync<int>(id));
        Assert.Equal(60, (await world.HistoryAsync(id)).Where(e => e.TimerFired is not null).Select(e => e.TimerFired.TimerId).Distinct().Count());
    });

    [Theory]
    [MemberData(nameof(Doors))]
    public Task A_cancelled_timer_that_fires_changes_nothing(string door) => doors[door].RunAsync(async world =>
        Assert.Equal("done", await world.RunAsync<string>("CancelsTimer", 3000)));
}
