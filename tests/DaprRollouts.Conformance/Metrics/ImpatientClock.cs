namespace DaprRollouts.Conformance.Metrics;

/// <summary>A clock whose timers go off at once: what is tried again is tried again without a wait.</summary>
internal sealed class ImpatientClock(TimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
}
