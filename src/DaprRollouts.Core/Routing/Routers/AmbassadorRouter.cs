using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Routing.Routers;

/// <summary>Ambassador (Emissary): a canary Mapping beside each Mapping of the user's, as long as the canary has a weight.</summary>
internal sealed class AmbassadorRouter : ITrafficRouter
{
    private const string Path = "spec.strategy.canary.trafficRouting.ambassador.mappings";

    private static readonly RouteKind Mappings = new("getambassador.io", "mappings", "Mapping", "v2", "v3alpha1");

    public bool IsFor(TrafficRouting routing) => routing.Ambassador is not null;

    public RouterReads Reads(RolloutView rollout) => new([.. Names(rollout).SelectMany(n => new[] { Which(rollout, n), Canary(rollout, n) })]);

    public string? Misconfigured(RolloutView rollout) =>
        Names(rollout).Count == 0 ? FieldError.Required(Path, "at least one mapping must be named") : null;

    public string? Error(RolloutView rollout, RouteObjects objects)
    {
        var names = Names(rollout);
        for (var i = 0; i < names.Count; i++)
        {
            var mapping = objects.Find(Which(rollout, names[i]));
            if (mapping is null)
            {
                return FieldError.Invalid($"{Path}[{i}]", names[i], $"{Mappings.FullName} \"{names[i]}\" not found");
            }

            if (RouteJson.Number(mapping["spec"]?["weight"]) > 0)
            {
                return FieldError.Invalid($"{Path}[{i}]", names[i], $"Ambassador mapping \"{names[i]}\" can not define weight");
            }
        }

        return null;
    }

    public IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects) =>
        Names(target.Rollout).SelectMany(name => Plan(target, objects, name));

    private static IEnumerable<RouteChange> Plan(TrafficTarget target, RouteObjects objects, string name)
    {
        var which = Canary(target.Rollout, name);
        var notice = new Notice("CanaryMappingWeightUpdate", $"Set canary mapping `{which.Name}` weight to {target.Weight}");
        var canary = objects.Find(which);
        if (target.Weight == 0)
        {
            return canary is null ? [] : [new RouteChange(which, canary, null, notice)];
        }

        if (canary is not null)
        {
            return RouteJson.Changed(which, canary, after => RouteJson.Member(after, "spec")["weight"] = target.Weight, () => notice);
        }

        var mapping = RouteJson.Required(objects, Which(target.Rollout, name), "AmbassadorMappingNotFound");
        var spec = (JsonObject)(mapping["spec"]?.DeepClone() ?? new JsonObject());
        spec["service"] = ReplaceFirst(RouteJson.Text(spec["service"]), target.StableService, target.CanaryService);
        spec["weight"] = target.Weight;
        var made = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = which.Name, ["ownerReferences"] = RouteJson.OwnedBy(target.Rollout) },
            ["spec"] = spec,
        };
        return [new RouteChange(which, null, made, notice)];
    }

    private static string ReplaceFirst(string text, string old, string with) =>
        text.IndexOf(old, StringComparison.Ordinal) is >= 0 and var at
            ? text[..at] + with + text[(at + old.Length)..]
            : throw new RoutingException($"the mapping's service {text} does not name the stable service {old}", "AmbassadorMappingConfigError");

    private static RouteObject Which(RolloutView rollout, string name) => new(Mappings, rollout.Namespace, name);

    private static RouteObject Canary(RolloutView rollout, string name) => new(Mappings, rollout.Namespace, RouteJson.CanaryName(name));

    private static IReadOnlyList<string> Names(RolloutView rollout) =>
        rollout.Spec.Strategy!.Canary!.TrafficRouting!.Ambassador!.Mappings ?? [];
}
