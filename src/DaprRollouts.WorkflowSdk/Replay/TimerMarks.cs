using Google.Protobuf.WellKnownTypes;

namespace Dapr.Workflow.Replay;

/// <summary>The instant that stands for a wait without end. No DateTime can hold it.</summary>
internal static class TimerMarks
{
    public static readonly Timestamp Never = new() { Seconds = 253402300799, Nanos = 999999999 };
}
