using DaprRollouts.Core.Routing;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>Which revision each Service of a canary selects.</summary>
public static class ServiceRules
{
    /// <summary>The stable Service follows the stable ReplicaSet, the canary Service the new one, or stable after an abort.</summary>
    public static Outcome? Switch(Facts facts)
    {
        List<ServiceSwitch> switches =
        [
            .. TurnOfCanary(facts),
            .. Needed(facts, facts.Canary!.StableService, facts.Stable, whenAvailable: true),
            .. CanaryService(facts),
        ];
        return switches.Count == 0 ? null : new Act(new SwitchServices(switches));
    }

    // Of two Services that take turns, the canary's takes up the new revision at once: it has no traffic yet.
    private static IEnumerable<ServiceSwitch> TurnOfCanary(Facts facts)
    {
        var pair = facts.Canary!.PingPong;
        var name = facts.Status.Canary?.StablePingPong == PingPongTurn.Ping ? pair?.PongService : pair?.PingService;
        return facts.NewIsStable ? [] : Needed(facts, name, facts.New, whenAvailable: false);
    }

    private static IEnumerable<ServiceSwitch> CanaryService(Facts facts)
    {
        var name = facts.Canary!.CanaryService;
        if (facts.IsRouted && (TrafficShare.IsWayBackToStable(facts) || ServesAnother(facts)))
        {
            return [];
        }

        if (!facts.IsAborted || facts.Stable is null)
        {
            return Needed(facts, name, facts.New, whenAvailable: true);
        }

        // The router sends the canary Service what the weight says, until that is nothing.
        var hasWeight = facts.IsRouted && facts.Canary.DynamicStableScale == true && facts.Status.Canary?.Weights?.Canary.Weight > 0;
        return hasWeight ? Needed(facts, name, facts.New, whenAvailable: true) : Needed(facts, name, facts.Stable, whenAvailable: !facts.IsRouted);
    }

    // What an earlier revision of the update has of the traffic stays with its pods, until the weight is moved.
    private static bool ServesAnother(Facts facts) =>
        facts.Status.Canary?.Weights is { Canary: { Weight: > 0, PodTemplateHash: var hash } } && hash != facts.Hash
        && hash == facts.Service(facts.Canary!.CanaryService)?.Hash && facts.Others.Any(r => r.Hash == hash && r.Available > 0);

    // A Service is switched to a revision with an available pod; one that is taken over, to a revision with all of them.
    private static IEnumerable<ServiceSwitch> Needed(Facts facts, string? name, ReplicaSetView? target, bool whenAvailable)
    {
        if (facts.Service(name) is not { } service || target is null || (service.Hash == target.Hash && service.ManagedBy is not null))
        {
            yield break;
        }

        // Without any pods asked for, a Service that waited for some would select a revision of the past for ever.
        var fullyAvailable = target.Size > 0 && target.Available >= target.Size;
        if (service.Hash == target.Hash || !whenAvailable || facts.Replicas == 0 || (service.ManagedBy is null ? fullyAvailable : target.Available > 0))
        {
            yield return new ServiceSwitch(service.Name, target.Hash);
        }
    }
}
