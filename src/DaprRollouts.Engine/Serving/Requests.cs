using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>Checks what callers send before it reaches an instance.</summary>
internal static class Requests
{
    // 9999-12-31T23:59:59Z; and the first moment of year 1.
    private const long LastSecond = 253402300799;
    private const long FirstSecond = -62135596800;

    /// <summary>Refuses a time that is none.</summary>
    public static void Check(Timestamp? time, string field)
    {
        if (time is not null && (time.Seconds is < FirstSecond or > LastSecond || time.Nanos is < 0 or > 999_999_999))
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, $"{field} is not a time");
        }
    }
}
