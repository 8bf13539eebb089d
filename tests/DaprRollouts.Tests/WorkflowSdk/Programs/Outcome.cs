using DaprRollouts.Protocol;
using DaprRollouts.Tests.WorkflowSdk.Replay;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>One thing that the world does to a program: answers a call, or raises an event.</summary>
internal sealed record Outcome(int Generation, string Kind, int Id, string Name, string Value, bool IsFailure)
{
    public TaskFailureDetails Details => Happened.Details("Broken", Value);

    /// <summary>The program began anew at this outcome.</summary>
    public bool EndsGeneration { get; set; }

    public HistoryEvent ToEvent() => (Kind, IsFailure) switch
    {
        ("activity", false) => Happened.Completed(Id, $"\"{Value}\""),
        ("activity", true) => Happened.Failed(Id, "Broken", Value),
        ("child", false) => Happened.ChildCompleted(Id, $"\"{Value}\""),
        ("child", true) => Happened.ChildFailed(Id, Details),
        ("timer", _) => Happened.TimerFired(Id),
        _ => Happened.Raised(Name, $"\"{Value}\""),
    };
}
