using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Running;

/// <summary>Deletes instances.</summary>
internal static class Purging
{
    /// <summary>Deletes an instance that has ended, and its children if asked to; how many were deleted.</summary>
    public static int Purge(Session session, PurgeInstancesRequest request)
    {
        var root = session.Get(request.InstanceId);
        List<Instance> family = [root];
        HashSet<string> seen = [root.Id];
        for (var i = 0; request.Recursive && i < family.Count; i++)
        {
            family.AddRange(family[i].Children.Where(seen.Add).Select(session.Find).OfType<Instance>());
        }

        if (!request.Force && family.Find(i => !i.IsEnded) is { } alive)
        {
            throw EngineErrors.NotEnded(alive.Id);
        }

        family.ForEach(session.Remove);
        return family.Count;
    }

    /// <summary>Deletes instances that ended long enough ago; how many.</summary>
    public static int Expire(Session session, RetentionPolicy policy, int limit)
    {
        var deleted = 0;
        foreach (var (status, kept) in Rules(policy))
        {
            if (kept is { } age)
            {
                var expired = session.Store.EndedBefore(session.Now - age, status, limit - deleted).Select(session.Find).OfType<Instance>().ToList();
                expired.ForEach(session.Remove);
                deleted += expired.Count;
            }
        }

        return deleted;
    }

    private static IEnumerable<(OrchestrationStatus Status, TimeSpan? Kept)> Rules(RetentionPolicy policy) =>
    [
        (OrchestrationStatus.Completed, policy.Completed ?? policy.AnyTerminal),
        (OrchestrationStatus.Failed, policy.Failed ?? policy.AnyTerminal),
        (OrchestrationStatus.Terminated, policy.Terminated ?? policy.AnyTerminal),
        (OrchestrationStatus.Canceled, policy.AnyTerminal),
    ];
}
