using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Engine.State;

/// <summary>Times as messages hold them.</summary>
internal static class Times
{
    // 9999-12-31T23:59:59Z; and the first moment of year 1.
    private const long LastSecond = 253402300799;
    private const long FirstSecond = -62135596800;

    /// <summary>Whether a time, if there is one, is within the calendar.</summary>
    public static bool IsValid(Timestamp? time) =>
        time is null || (time.Seconds is >= FirstSecond and <= LastSecond && time.Nanos is >= 0 and <= 999_999_999);
}
