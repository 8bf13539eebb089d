namespace DaprRollouts.Engine;

/// <summary>How long instances are kept after they have ended, by how they ended. Null keeps them for ever.</summary>
public sealed record RetentionPolicy
{
    /// <summary>For what is not said otherwise.</summary>
    public TimeSpan? AnyTerminal { get; init; } = TimeSpan.FromDays(30);

    /// <summary>For those that completed.</summary>
    public TimeSpan? Completed { get; init; }

    /// <summary>For those that failed.</summary>
    public TimeSpan? Failed { get; init; }

    /// <summary>For those that were terminated.</summary>
    public TimeSpan? Terminated { get; init; }
}
