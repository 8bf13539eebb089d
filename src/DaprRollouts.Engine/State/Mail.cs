using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>What one instance sends to another. It is delivered in the same transaction that sends it.</summary>
internal abstract record Mail(string To);

/// <summary>An event for an instance; dropped if there is none of that id.</summary>
/// <param name="To">The instance.</param>
/// <param name="Event">The event.</param>
/// <param name="Execution">Only this execution may get it; null for any.</param>
internal sealed record Delivery(string To, HistoryEvent Event, string? Execution = null) : Mail(To);

/// <summary>The start of an instance: a child, or one of its own.</summary>
internal sealed record Launch(string To, HistoryEvent Started) : Mail(To);
