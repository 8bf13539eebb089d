using DaprRollouts.Engine;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Engine;

/// <summary>What depends on the clock or on the disk, with the clock in the test's hand.</summary>
public sealed class TimeAndDisk : IDisposable
{
    private readonly DataDirectory _data = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Events_to_an_instance_that_is_to_start_later_wait_for_its_start()
    {
        await using var engine = await ServedEngine.StartAsync(_data.Path, _time);
        await engine.Client.StartInstanceAsync(Answers.Start("i", Now.AddDays(40)));
        await engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        using var worker = engine.Connect();
        var state = (await engine.Client.GetInstanceAsync(Answers.Get("i"))).WorkflowState;
        Assert.Equal((OrchestrationStatus.Pending, "wf"), (state.WorkflowStatus, state.Name));

        _time.Advance(TimeSpan.FromDays(41));
        var turn = await worker.NextTurnAsync();

        Assert.Equal(
            [HistoryEvent.EventTypeOneofCase.WorkflowStarted, HistoryEvent.EventTypeOneofCase.ExecutionStarted, HistoryEvent.EventTypeOneofCase.EventRaised],
            Answers.Kinds(turn.NewEvents));
    }

    [Fact]
    public async Task A_scheduled_start_survives_a_restart_and_can_be_terminated()
    {
        await using (var first = await ServedEngine.StartAsync(_data.Path, _time))
        {
            await first.Client.StartInstanceAsync(Answers.Start("i", Now.AddHours(1)));
            await first.Client.StartInstanceAsync(Answers.Start("j", Now.AddHours(1)));
        }

        await using var engine = await ServedEngine.StartAsync(_data.Path, _time);
        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "j" });
        using var worker = engine.Connect();
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("i", (await worker.NextTurnAsync()).InstanceId);
    }

    [Fact]
    public async Task A_timer_fires_when_it_is_due_and_one_of_an_earlier_run_never()
    {
        await using var engine = await ServedEngine.StartAsync(_data.Path, _time);
        await engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Timer(0, Now.AddHours(1)));
        await engine.Client.RaiseEventAsync(Answers.Event("i", "e"));
        await worker.AnswerAsync(Answers.ContinueAsNew(1, "2"));
        await worker.AnswerAsync(Answers.Timer(0, Now.AddHours(3)));

        _time.Advance(TimeSpan.FromHours(4));
        var turn = await worker.NextTurnAsync();

        Assert.Equal(Now.AddHours(-1), turn.NewEvents.Single(e => e.TimerFired is not null).TimerFired.FireAt.ToDateTime());
    }

    [Fact]
    public async Task What_ended_long_ago_is_deleted()
    {
        await using var engine = await ServedEngine.StartAsync(
            _data.Path, _time, o => o.Retention = new RetentionPolicy { AnyTerminal = TimeSpan.FromDays(1) });
        await engine.Client.StartInstanceAsync(Answers.Start("old"));
        await engine.Client.StartInstanceAsync(Answers.Start("running"));
        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "old" });

        while ((await engine.Client.GetInstanceAsync(Answers.Get("old"))).Exists)
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.True(Now.Month == 1, "The instance has not been deleted in a month");
        }

        Assert.True(Now >= new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.True((await engine.Client.GetInstanceAsync(Answers.Get("running"))).Exists);
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_is_recovered_from()
    {
        await using var engine = await ServedEngine.StartAsync(_data.Path, _time, o => o.MaxDatabaseBytes = 400_000);
        await engine.Client.StartInstanceAsync(Answers.Start("i"));
        using var worker = engine.Connect();
        await worker.AnswerAsync(Answers.Activity(0));
        var activity = await worker.NextAsync();
        var large = new string('x', 30_000);
        var filler = 0;
        var full = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (; ; filler++)
            {
                await engine.Client.StartInstanceAsync(Answers.Start($"filler{filler}", Now.AddDays(1), large));
            }
        });
        Assert.Equal(StatusCode.Unavailable, full.StatusCode);
        Assert.Equal(HealthStatus.Unhealthy, await engine.HealthAsync());

        await Assert.ThrowsAsync<RpcException>(async () => await engine.Client.CompleteActivityTaskAsync(Answers.Result(activity, $"\"{large}\"")));
        for (var i = 0; i < filler; i++)
        {
            await engine.Client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = $"filler{i}", Force = true });
        }

        // A worker may have been given the turn with the result that could not be kept; its answer is void.
        var again = worker.NextAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        if (await again is { WorkflowRequest: not null } lost)
        {
            await engine.Client.CompleteOrchestratorTaskAsync(Answers.To(lost, Answers.Complete(1, "\"void\"")));
            again = worker.NextAsync();
        }

        await engine.Client.CompleteActivityTaskAsync(Answers.Result(await again, "1"));
        await worker.AnswerAsync(Answers.Complete(1, "2"));

        Assert.Equal("2", (await engine.Client.GetInstanceAsync(Answers.Get("i"))).WorkflowState.Output);
        Assert.Equal(HealthStatus.Healthy, await engine.HealthAsync());
    }
}
