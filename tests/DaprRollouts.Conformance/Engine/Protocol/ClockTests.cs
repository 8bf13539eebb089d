using DaprRollouts.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>What depends on the clock, with the clock in the test's hand.</summary>
public sealed class ClockTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task Events_to_an_instance_that_is_to_start_later_wait_for_its_start()
    {
        await using var engine = await RawEngine.StartAsync(time: _time);
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
        await using var engine = await RawEngine.StartAsync(time: _time);
        await engine.StartInstanceAsync("i", at: Now.AddHours(1));
        await engine.StartInstanceAsync("j", at: Now.AddHours(1));
        await engine.RestartAsync();
        await engine.Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "j" });
        using var worker = engine.Connect();
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("i", (await worker.NextTurnAsync()).InstanceId);
    }

    [Fact]
    public async Task A_timer_fires_when_it_is_due_and_one_of_an_earlier_run_never()
    {
        await using var engine = await RawEngine.StartAsync(time: _time);
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
}
