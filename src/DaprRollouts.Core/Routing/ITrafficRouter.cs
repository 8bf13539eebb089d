using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing;

/// <summary>
/// A product that shares traffic out. Pure: it says which objects it works on, and how they should read. What it says twice changes nothing the second time, and
/// members that it does not know stay as they are.
/// </summary>
public interface ITrafficRouter
{
    /// <summary>Whether a Rollout uses it.</summary>
    bool IsFor(TrafficRouting routing);

    /// <summary>The objects that it works on.</summary>
    RouterReads Reads(RolloutView rollout);

    /// <summary>What is wrong with the settings by themselves, or null: <c>path: Invalid value: ...</c>.</summary>
    string? Misconfigured(RolloutView rollout) => null;

    /// <summary>What is wrong with the objects that a Rollout refers to, or null. Its settings are right by themselves.</summary>
    string? Error(RolloutView rollout, RouteObjects objects);

    /// <summary>The changes that lead to a target, in the order in which they are safe.</summary>
    /// <exception cref="RoutingException">The objects cannot express the target.</exception>
    IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects);
}

/// <summary>One object to be made (nothing before), changed, or taken away (nothing after).</summary>
/// <param name="Which">Which one.</param>
/// <param name="Before">As it is.</param>
/// <param name="After">As it should be.</param>
/// <param name="Notice">What to tell the user.</param>
public sealed record RouteChange(RouteObject Which, JsonObject? Before, JsonObject? After, Notice? Notice = null);

/// <summary>Routing objects do not fit what is asked of them.</summary>
/// <param name="message">What is wrong, and where.</param>
/// <param name="reason">The reason of the event that tells of it.</param>
public sealed class RoutingException(string message, string reason = Model.Reason.TrafficRoutingError) : Exception(message)
{
    /// <summary>The reason of the event that tells of it.</summary>
    public string Reason => reason;
}
