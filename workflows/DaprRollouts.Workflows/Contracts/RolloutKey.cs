namespace DaprRollouts.Workflows.Contracts;

/// <summary>The revision of a rollout that a workflow is in charge of.</summary>
public sealed record RolloutKey
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long Revision { get; init; }

    /// <summary>The newest resource version that this workflow's activities have written, by kind: no later activity may decide on older objects.</summary>
    public IReadOnlyDictionary<string, long> Floor { get; init; } = new Dictionary<string, long>();

    /// <summary>The time of the last signal that the timeline tells of.</summary>
    public DateTimeOffset? SignalSeen { get; init; }
}
