using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Core.Routing;

/// <summary>How traffic is to be shared out: all that routing objects should say, whatever they say now.</summary>
public sealed record TrafficTarget
{
    /// <summary>The Rollout whose traffic it is.</summary>
    public required RolloutView Rollout { get; init; }

    /// <summary>The canary's share, 0 to <see cref="Total"/>.</summary>
    public required int Weight { get; init; }

    /// <summary>The weight that means all traffic.</summary>
    public int Total { get; init; } = 100;

    /// <summary>The pod template hash of the canary's pods.</summary>
    public required string CanaryHash { get; init; }

    /// <summary>The pod template hash of the stable pods.</summary>
    public required string StableHash { get; init; }

    /// <summary>Pods of experiments that get a share, too.</summary>
    public IReadOnlyList<WeightDestination> Additional { get; init; } = [];

    /// <summary>Header and mirror routes that are to be there; all other managed routes are not.</summary>
    public IReadOnlyList<CanaryStep> Routes { get; init; } = [];

    /// <summary>Which of two Services that take turns is the stable one: <c>ping</c>, <c>pong</c>, or nothing yet.</summary>
    public string? StablePingPong { get; init; }

    /// <summary>Whether the weight must change before the hashes, as the canary has no pods to take what it has.</summary>
    public bool WeightFirst { get; init; }

    /// <summary>The configuration.</summary>
    public TrafficRouting Routing => Canary.TrafficRouting ?? new TrafficRouting();

    /// <summary>The strategy.</summary>
    public CanaryStrategy Canary => Rollout.Spec.Strategy?.Canary ?? new CanaryStrategy();

    /// <summary>The Service of the stable pods; empty if only Services that take turns are configured.</summary>
    public string StableService => Canary.StableService ?? "";

    /// <summary>The Service of the canary's pods; empty likewise.</summary>
    public string CanaryService => Canary.CanaryService ?? "";

    /// <summary>Of two Services that take turns, the one that is stable now.</summary>
    public string? TurnStable => StablePingPong == PingPongTurn.Ping ? Canary.PingPong?.PingService : Canary.PingPong?.PongService;

    /// <summary>Of two Services that take turns, the one of the canary.</summary>
    public string? TurnCanary => StablePingPong == PingPongTurn.Ping ? Canary.PingPong?.PongService : Canary.PingPong?.PingService;

    /// <summary>The names of all routes that the controller may make and remove.</summary>
    public IReadOnlyList<string> ManagedRoutes =>
        [.. (Routing.ManagedRoutes ?? []).Select(r => r.Name ?? "").Where(n => n.Length > 0)];

    /// <summary>The Service of the canary where a router takes whichever pair is configured, the fixed one first.</summary>
    public string EffectiveCanary => CanaryService.Length + StableService.Length > 0 ? CanaryService : TurnCanary ?? "";

    /// <summary>The Service of the stable pods, likewise.</summary>
    public string EffectiveStable => CanaryService.Length + StableService.Length > 0 ? StableService : TurnStable ?? "";

    /// <summary>What is left for stable.</summary>
    public int StableWeight => Math.Max(0, Total - Weight - Additional.Sum(a => a.Weight));
}

/// <summary>Whose turn it is to be stable, of two Services that take turns.</summary>
public static class PingPongTurn
{
    /// <summary>The ping Service is stable.</summary>
    public const string Ping = "ping";

    /// <summary>The pong Service is stable.</summary>
    public const string Pong = "pong";

    /// <summary>Who is stable after the next promotion.</summary>
    public static string After(string? turn) => turn == Ping ? Pong : Ping;
}
