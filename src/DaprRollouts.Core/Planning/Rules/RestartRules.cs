using DaprRollouts.Core.Model;
using DaprRollouts.Core.Replicas;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>
/// Restarts: every pod that is older than the restart asked for is evicted, as many at a time as may be missing. Where none may be, one pod is brought up first, as
/// far as the surge allows: what was asked for is never undercut.
/// </summary>
public static class RestartRules
{
    // As long as Argo Rollouts waits before it asks a disruption budget again.
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SameLook = TimeSpan.FromSeconds(5);

    /// <summary>Whether a restart is asked for that is not done yet, be it due or not.</summary>
    public static bool IsAskedFor(Facts facts, RolloutStatus status) =>
        facts.Spec.RestartAt is { } at && (status.RestartedAt is not { } done || ModelJson.Time(at) != ModelJson.Time(done));

    /// <summary>Whether a restart is under way.</summary>
    public static bool IsActive(Facts facts) => IsAskedFor(facts, facts.Status) && facts.Spec.RestartAt <= facts.Now;

    /// <summary>Pods are only looked at while a restart needs it, and again whenever they may have changed.</summary>
    public static Outcome? Look(Facts facts) => IsActive(facts) && facts.Seen.Pods is null ? new Act(new RestartPods([])) : null;

    /// <summary>Evicts what may go now; when nothing old is left, the restart is done.</summary>
    public static Outcome? Restart(Facts facts)
    {
        if (!IsActive(facts))
        {
            return null;
        }

        var old = Old(facts);
        if (old.Count == 0)
        {
            return new Advance(facts.Status with { RestartedAt = facts.Spec.RestartAt });
        }

        var now = (IsBasicCanary(facts) ? Evictable(facts, old, facts.Seen.Pods!, facts.Limits.Least)
            : old.GroupBy(p => p.ReplicaSet).SelectMany(group => Evictable(facts, [.. group], PodsOf(facts, group.Key), Least(facts, group.Key)))).ToList();
        return now.Count == 0 ? null : new Act(new RestartPods([.. now.Select(p => p.Name)]));
    }

    /// <summary>The pods that a restart adds for its time to the ordinary size of a ReplicaSet.</summary>
    public static int Extra(Facts facts, ReplicaSetView rs, int ordinary)
    {
        if (!IsActive(facts) || facts.Seen.Pods is null || Old(facts) is not [var first, ..] || first.ReplicaSet != rs.Name || ordinary == 0)
        {
            return 0;
        }

        if (!IsBasicCanary(facts))
        {
            return Unavailable(facts, ordinary) == 0 ? 1 : 0;
        }

        var others = facts.Seen.ReplicaSets.Where(r => r != rs).Sum(r => r.Size);
        return facts.Limits.Unavailable == 0 && others + ordinary < facts.Limits.Most ? 1 : 0;
    }

    /// <summary>When a disruption budget that forbade an eviction is to be asked again; null if none did.</summary>
    public static DateTimeOffset? NextLook(Facts facts) =>
        IsActive(facts) ? facts.Seen.Pods?.Select(p => p.RefusedUntil).Where(u => u > facts.Now).DefaultIfEmpty(null).Min() : null;

    /// <summary>When to ask again for a pod whose eviction was refused now: together with those that were refused a moment ago, so that they go at once if they may.</summary>
    public static DateTimeOffset AskAgain(IEnumerable<DateTimeOffset> refused, DateTimeOffset now) =>
        refused.Where(u => u > now + Respite - SameLook).DefaultIfEmpty(now + Respite).Max();

    /// <summary>What a restart waits for, in one line; nothing if none is under way.</summary>
    public static string? Waits(Facts facts) =>
        !IsAskedFor(facts, facts.Status) ? null
        : !IsActive(facts) ? $"waiting for the restart at {ModelJson.Time(facts.Spec.RestartAt!.Value)}"
        : facts.Seen.Pods is null ? "restarting"
        : $"restarting: {Old(facts).Count} pods are older than {ModelJson.Time(facts.Spec.RestartAt!.Value)}";

    // Pods that are on their way out are done with. Stable first, then new, then what else there is; the oldest pods first.
    private static List<PodView> Old(Facts facts) =>
    [
        .. facts.Seen.Pods!.Where(p => p.Created < facts.Spec.RestartAt && !p.Deleting)
            .OrderBy(p => p.ReplicaSet == facts.Stable?.Name ? 0 : p.ReplicaSet == facts.New?.Name ? 1 : 2)
            .ThenBy(p => p.Created)
            .ThenBy(p => p.Name, StringComparer.Ordinal),
    ];

    private static bool IsBasicCanary(Facts facts) => facts.Canary is { TrafficRouting: null };

    private static List<PodView> PodsOf(Facts facts, string rs) => [.. facts.Seen.Pods!.Where(p => p.ReplicaSet == rs)];

    // What cannot serve is missed by nobody.
    private static IEnumerable<PodView> Evictable(Facts facts, List<PodView> old, IReadOnlyList<PodView> all, int least)
    {
        var spare = all.Count(p => p.Available && !p.Deleting) - least;
        var allowed = old.Where(p => !(p.RefusedUntil > facts.Now)).ToList();
        return allowed.Where(p => !p.Available).Concat(allowed.Where(p => p.Available).Take(Math.Max(0, spare)));
    }

    // Each ReplicaSet answers for traffic of its own.
    private static int Least(Facts facts, string name)
    {
        var rs = facts.Seen.ReplicaSets.Single(r => r.Name == name);
        var size = facts.BlueGreen is null ? rs.Size : Math.Min(rs.Size, rs == facts.New ? BlueGreenScalingRules.NewTarget(facts) : facts.Replicas);
        var unavailable = Unavailable(facts, size);
        var isHeld = facts.IsCanary && facts.IsPausedBySpec; // then it was not given its extra pod
        return facts.BlueGreen is null && unavailable == 0 && !isHeld ? size - Extra(facts, rs, size) : size - unavailable;
    }

    // A revision that is only a part of the whole never goes without a pod, whatever may be missing of the whole.
    private static int Unavailable(Facts facts, int size)
    {
        var given = facts.IsCanary ? facts.Canary!.MaxUnavailable : facts.BlueGreen?.MaxUnavailable;
        var (_, unavailable) = Percentage.SurgeAndUnavailable(1, given, size);
        return size < facts.Replicas ? Math.Min(unavailable, Math.Max(0, size - 1)) : unavailable;
    }
}
