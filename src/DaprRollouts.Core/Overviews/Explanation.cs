namespace DaprRollouts.Core.Overviews;

/// <summary>Why a rollout is where it is.</summary>
public sealed record Explanation
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required long Revision { get; init; }

    /// <summary>Healthy, Progressing, Paused or Degraded.</summary>
    public required string Phase { get; init; }

    /// <summary>What is awaited, in one line.</summary>
    public required string Reason { get; init; }

    /// <summary>Where in its update it is, such as <c>step 2 of 6 (pause), canary at 25 of 100</c>.</summary>
    public required string Where { get; init; }

    /// <summary>Since when, if that is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it goes on by itself; nothing if it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who or what can move it, most likely first.</summary>
    public required IReadOnlyList<Mover> Movers { get; init; }

    /// <summary>What is in the way, if anything is: pods that fail, measurements that fail.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];
}

/// <summary>Somebody or something that can move a rollout, and what it leads to.</summary>
/// <param name="Who">Such as <c>promote</c>, or <c>the cluster</c>.</param>
/// <param name="Effect">What happens then.</param>
/// <param name="Command">The command to give, where it is for people.</param>
public sealed record Mover(string Who, string Effect, string? Command = null);
