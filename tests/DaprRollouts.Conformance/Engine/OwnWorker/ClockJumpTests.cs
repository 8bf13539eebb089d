using DaprRollouts.Engine.InProcess;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>A clock that somebody sets while timers wait.</summary>
public sealed class ClockJumpTests
{
    [Theory]
    [InlineData(60, 5)]
    [InlineData(-60, 90 * 60)]
    public Task A_clock_that_is_set_neither_loses_a_firing_nor_doubles_it(int minutes, int seconds) => new InProcessDoor().RunAsync(async world =>
    {
        var id = await world.StartAsync("Sleep", TimeSpan.FromMinutes(30).TotalMilliseconds);
        var before = world.Time.GetTimestamp();

        ((VirtualTime)world.Time).Jump(TimeSpan.FromMinutes(minutes));
        await world.ResultAsync<double>(id);

        // How long it has really waited; the engine looks at the clock every five seconds at least.
        Assert.InRange(world.Time.GetElapsedTime(before).TotalSeconds, seconds - 5, seconds + 5);
        var history = await world.HistoryAsync(id);
        var fired = Assert.Single(history, e => e.TimerFired is not null);
        Assert.True(fired.Timestamp >= fired.TimerFired.FireAt);
        Assert.Single(history, e => e.ExecutionCompleted is not null);
    });
}
