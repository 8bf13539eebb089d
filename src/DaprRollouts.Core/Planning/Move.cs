using System.Text.Json.Serialization;

namespace DaprRollouts.Core.Planning;

/// <summary>What a rollout's workflow does next.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "move")]
[JsonDerivedType(typeof(Perform), "perform")]
[JsonDerivedType(typeof(Wait), "wait")]
[JsonDerivedType(typeof(Finish), "finish")]
public abstract record Move
{
    private protected Move()
    {
    }
}

/// <summary>Carry out an effect.</summary>
public sealed record Perform(Effect Effect) : Move;

/// <summary>Wait for a change or a signal, but no longer than until an instant.</summary>
/// <param name="For">What is awaited, since when, and who can move it, in one line.</param>
/// <param name="Until">When to look again at the latest.</param>
public sealed record Wait(string For, DateTimeOffset? Until) : Move;

/// <summary>End the workflow: another revision is in charge, or the object is gone.</summary>
public sealed record Finish(string Why) : Move;
