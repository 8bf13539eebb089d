using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>What a rule wants.</summary>
public abstract record Outcome
{
    private protected Outcome()
    {
    }
}

/// <summary>Change the cluster.</summary>
public sealed record Act(Effect Effect) : Outcome;

/// <summary>Record progress, which is published before anything rests on it.</summary>
public sealed record Advance(RolloutStatus Status, params IReadOnlyList<Notice> Notices) : Outcome;

/// <summary>Nothing can be done before somebody mends what the problem names.</summary>
public sealed record Blocked(Notice Problem) : Outcome;

/// <summary>Something to tell the user as a Kubernetes event, once it is true.</summary>
public sealed record Notice(string Reason, string Message, bool IsWarning = false);

/// <summary>One rule of a strategy: what it wants in a situation, or nothing.</summary>
public delegate Outcome? Rule(Facts facts);
