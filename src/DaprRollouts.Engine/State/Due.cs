using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Engine.State;

/// <summary>When timers are due.</summary>
internal static class Due
{
    /// <summary>The number under which the start of an instance that was started for later is kept among its timers.</summary>
    public const int Start = -1;

    private static readonly long LastSecond = Timestamp.FromDateTime(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)).Seconds;

    /// <summary>The place of a timer; null if it never fires: the end of the calendar stands for "never".</summary>
    public static TimerMark? Mark(HistoryEvent created) =>
        At(created.TimerCreated.FireAt) is { } due ? new TimerMark(due, created.EventId) : null;

    private static DateTime? At(Timestamp? at) => at is null ? DateTime.UnixEpoch : at.Seconds >= LastSecond ? null : at.ToDateTime();
}
