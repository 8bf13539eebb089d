namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Which revision each Service of a canary selects.</summary>
public static class ServiceRules
{
    /// <summary>The stable Service follows the stable ReplicaSet, the canary Service the new one, or stable after an abort.</summary>
    public static Outcome? Switch(Facts facts)
    {
        var canaryTarget = facts.IsAborted && facts.Stable is not null ? facts.Stable : facts.New;
        List<ServiceSwitch> switches =
        [
            .. Needed(facts, facts.Canary!.StableService, facts.Stable),
            .. Needed(facts, facts.Canary.CanaryService, canaryTarget),
        ];
        return switches.Count == 0 ? null : new Act(new SwitchServices(switches));
    }

    // A Service is switched to a revision with an available pod; one that is taken over, to a revision with all of them.
    private static IEnumerable<ServiceSwitch> Needed(Facts facts, string? name, ReplicaSetView? target)
    {
        if (facts.Service(name) is not { } service || target is null || (service.Hash == target.Hash && service.ManagedBy is not null))
        {
            yield break;
        }

        var fullyAvailable = target.Size > 0 && target.Available >= target.Size;
        if (service.Hash == target.Hash || (service.ManagedBy is null ? fullyAvailable : target.Available > 0))
        {
            yield return new ServiceSwitch(service.Name, target.Hash);
        }
    }
}
