using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine.Running;

/// <summary>Where in a commit something happens.</summary>
internal enum CommitMoment
{
    Before,
    After,
}

/// <summary>Looks on at every commit; tests end the engine there.</summary>
internal delegate void CommitProbe(CommitMoment moment);

#pragma warning disable CA1032 // Thrown by tests only, with nothing to tell.
#pragma warning disable CA1064 // No one outside has a use for it.

/// <summary>The end of the engine, at a moment that a test has chosen.</summary>
internal sealed class SimulatedCrash : Exception;

/// <summary>What the engine runs with.</summary>
internal sealed record EngineSetting(WorkflowEngineOptions Options, TimeProvider Time, ILogger Logger)
{
    /// <summary>Where identities come from; null for chance.</summary>
    public Random? Seed { get; init; }

    /// <summary>Decides which of the work that waits is handed out next; null for the oldest.</summary>
    public Random? Order { get; init; }

    /// <summary>Whether instances are kept until somebody deletes them, whatever the policy: then no clock ticks for nothing.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>Whether those who asked go on at once, on the engine's thread, when they are answered.</summary>
    public bool AnswersInline { get; init; }

    public CommitProbe? Probe { get; init; }
}
