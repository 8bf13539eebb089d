namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>The next sizes of a Deployment's ReplicaSets.</summary>
internal static class RollingUpdate
{
    /// <summary>The size of a new ReplicaSet at its creation.</summary>
    public static int First(DeploymentPlan plan) =>
        plan.IsRecreated ? plan.Desired : Math.Clamp(plan.Desired + plan.MaxSurge - plan.All.Sum(s => s.Replicas), 0, plan.Desired);

    public static IEnumerable<(SetSize Set, int Replicas)> Next(DeploymentPlan plan)
    {
        if (plan.New is not { } @new)
        {
            return [];
        }
        if (plan.IsRecreated)
        {
            return @new.Replicas != plan.Desired ? [(@new, plan.Desired)] : [];
        }
        var grown = Grow(plan, @new);
        return grown == @new.Replicas ? ShrinkOld(plan, @new) : [(@new, grown)];
    }

    /// <summary>The sizes when the number of replicas changes in mid-rollout: each set gets its share.</summary>
    public static IEnumerable<(SetSize Set, int Replicas)> Rescale(DeploymentPlan plan)
    {
        var active = plan.All.Where(s => s.Replicas > 0).ToList();
        if (active.Count <= 1)
        {
            var only = active.Count == 1 ? active[0] : plan.New ?? plan.Old.LastOrDefault();
            return only is not null && only.Replicas != plan.Desired ? [(only, plan.Desired)] : [];
        }
        if (plan.New is { } @new && @new.Replicas == plan.Desired && @new.Available == plan.Desired)
        {
            return plan.Old.Where(s => s.Replicas > 0).Select(s => (s, 0));
        }
        if (plan.IsRecreated)
        {
            return [];
        }
        return Shares(plan, active);
    }

    private static List<(SetSize Set, int Replicas)> Shares(DeploymentPlan plan, List<SetSize> active)
    {
        var total = active.Sum(s => s.Replicas);
        var left = plan.Desired + plan.MaxSurge - total;
        var result = new List<(SetSize, int)>();
        // The largest first; what rounding leaves goes to it.
        foreach (var set in active.OrderByDescending(s => s.Replicas))
        {
            var share = (int)Math.Round((double)set.Replicas * (plan.Desired + plan.MaxSurge) / total) - set.Replicas;
            share = left > 0 ? Math.Clamp(share, 0, left) : Math.Clamp(share, left, 0);
            left -= share;
            result.Add((set, Math.Max(0, set.Replicas + share)));
        }
        if (left != 0)
        {
            result[0] = (result[0].Item1, Math.Max(0, result[0].Item2 + left));
        }
        return result;
    }

    private static int Grow(DeploymentPlan plan, SetSize @new)
    {
        if (@new.Replicas >= plan.Desired)
        {
            return plan.Desired;
        }
        var room = plan.Desired + plan.MaxSurge - plan.All.Sum(s => s.Replicas);
        return room <= 0 ? @new.Replicas : @new.Replicas + Math.Min(room, plan.Desired - @new.Replicas);
    }

    private static IEnumerable<(SetSize Set, int Replicas)> ShrinkOld(DeploymentPlan plan, SetSize @new)
    {
        var minAvailable = plan.Desired - plan.MaxUnavailable;
        var spare = plan.All.Sum(s => s.Replicas) - minAvailable - (@new.Replicas - @new.Available);
        var sizes = plan.Old.ToDictionary(s => s, s => s.Replicas);
        // Pods that do not work cost nothing: they go first.
        foreach (var set in plan.Old)
        {
            var gone = Math.Clamp(Math.Min(spare, set.Replicas - set.Available), 0, set.Replicas);
            sizes[set] -= gone;
            spare -= gone;
        }
        var surplus = Math.Min(spare, plan.All.Sum(s => s.Available) - minAvailable);
        foreach (var set in plan.Old)
        {
            var gone = Math.Clamp(surplus, 0, sizes[set]);
            sizes[set] -= gone;
            surplus -= gone;
        }
        return sizes.Where(s => s.Value != s.Key.Replicas).Select(s => (s.Key, s.Value));
    }
}
