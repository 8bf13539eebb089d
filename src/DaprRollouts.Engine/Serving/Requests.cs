using DaprRollouts.Engine.State;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>Checks what callers send before it reaches an instance.</summary>
internal static class Requests
{
    /// <summary>Refuses a time that is none.</summary>
    public static void Check(Timestamp? time, string field)
    {
        if (!Times.IsValid(time))
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, $"{field} is not a time");
        }
    }
}
