using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>What an engine finds again after it has been away.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Timers_that_came_due_while_the_engine_was_away_fire_when_it_is_back()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using (var worker = engine.Connect())
        {
            await worker.AnswerAsync(await worker.NextAsync(), Timer(0, TimeSpan.FromMilliseconds(600)), Timer(1, TimeSpan.FromDays(30)));
            Assert.Equal(OrchestrationStatus.Running, (await engine.StateAsync()).WorkflowStatus);
        }

        await engine.RestartAsync();
        using var later = engine.Connect();
        var turn = await later.NextAsync();

        Assert.Equal(0, Assert.Single(turn.WorkflowRequest.NewEvents, e => e.TimerFired is not null).TimerFired.TimerId);
        await later.AnswerAsync(turn);
        Assert.True(await later.IsIdleAsync());
    }

    [Fact]
    public async Task Turns_and_activities_that_workers_had_are_handed_out_again()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync("turn");
        using (var worker = engine.Connect())
        {
            await worker.NextAsync();
            await engine.StartInstanceAsync("activity");
            await worker.AnswerAsync(await worker.NextAsync(), Answers.Activity(0), Answers.Activity(1));
            await worker.ReturnAsync(await worker.NextAsync(), "0");
            await worker.NextAsync();
        }

        await engine.RestartAsync();
        using var later = engine.Connect();
        WorkItem[] items = [await later.NextAsync(), await later.NextAsync(), await later.NextAsync()];

        Assert.Equal(1, Assert.Single(items, i => i.ActivityRequest is not null).ActivityRequest.TaskId);
        Assert.Equal(["activity", "turn"], items.Where(i => i.WorkflowRequest is not null).Select(i => i.WorkflowRequest.InstanceId).Order());
    }

    [Fact]
    public async Task A_result_for_an_activity_that_was_handed_out_before_the_restart_is_taken()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        WorkItem activity;
        using (var worker = engine.Connect())
        {
            await worker.AnswerAsync(await worker.NextAsync(), Answers.Activity(0));
            activity = await worker.NextAsync();
        }

        await engine.RestartAsync();
        using var later = engine.Connect();
        await later.ReturnAsync(activity, "from before");

        WorkItem item;
        do
        {
            item = await later.NextAsync();
        }
        while (item.WorkflowRequest is null);
        Assert.Equal("from before", Assert.Single(item.WorkflowRequest.NewEvents, e => e.TaskCompleted is not null).TaskCompleted.Result);
    }

    [Fact]
    public async Task Activities_of_a_last_turn_still_run_and_are_not_run_again_after_a_restart()
    {
        await using var engine = await RawEngine.StartAsync();
        await engine.StartInstanceAsync();
        using (var worker = engine.Connect())
        {
            await worker.AnswerAsync(await worker.NextAsync(), Answers.Activity(0), Answers.Complete(9, "done"));
            Assert.Equal(OrchestrationStatus.Completed, (await engine.StateAsync()).WorkflowStatus);
            await worker.ReturnAsync(await worker.NextAsync(), "nobody waits");
        }

        await engine.RestartAsync();
        using var later = engine.Connect();
        Assert.True(await later.IsIdleAsync());
    }

    private static WorkflowAction Timer(int id, TimeSpan after) =>
        new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = Timestamp.FromDateTime(DateTime.UtcNow + after) } };
}
