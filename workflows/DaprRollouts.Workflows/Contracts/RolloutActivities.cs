using System.Text.Json;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Workflows.Contracts;

/// <summary>
/// The activities of a rollout. Each effect is carried out by an activity named after it (<see cref="Effect.Kind"/>), with an <see cref="EffectInput"/>. All of
/// them return what to do next, so that nothing is observed twice. Names and payloads are kept in histories: they never change.
/// </summary>
public static class RolloutActivities
{
    /// <summary>Looks at the cluster and decides. Input: <see cref="RolloutKey"/>.</summary>
    public const string Observe = "Observe";

    /// <summary>Turns a signal into the change of the Rollout that stands for it. Input: <see cref="SignalInput"/>.</summary>
    public const string ApplySignal = "ApplySignal";
}

/// <summary>An effect to carry out, unless it is no longer called for.</summary>
public sealed record EffectInput(RolloutKey Rollout, Effect Effect);

/// <summary>A signal as it arrived.</summary>
public sealed record SignalInput(RolloutKey Rollout, JsonElement Signal);

/// <summary>What an activity answers.</summary>
/// <param name="Next">What to do next.</param>
/// <param name="Done">What was done.</param>
/// <param name="Floor">The newest resource version written so far, by kind.</param>
/// <param name="SignalSeen">The time of the last signal that the timeline tells of.</param>
public sealed record Report(
    Move Next, IReadOnlyList<TimelineEntry> Done, IReadOnlyDictionary<string, long> Floor, DateTimeOffset? SignalSeen = null);
