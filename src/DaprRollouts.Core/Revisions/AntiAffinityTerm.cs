using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Revisions;

/// <summary>
/// The rule that keeps pods of a new revision off the nodes of the stable one. It is put into the ReplicaSet's template beside what the Rollout's template asks for,
/// and never counts as part of the template, not even where <c>undo</c> has copied it into the Rollout's.
/// </summary>
public static class AntiAffinityTerm
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    private const string Topology = "kubernetes.io/hostname";

    /// <summary>The template with the rule against pods of a revision, in place of one that it had.</summary>
    public static JsonObject Inject(JsonObject template, AntiAffinity affinity, string againstHash, string ns)
    {
        var with = (JsonObject)Strip(template).DeepClone();
        var spec = Member(with, "spec");
        var rules = Member(Member(spec, "affinity"), "podAntiAffinity");
        if (affinity.RequiredDuringSchedulingIgnoredDuringExecution is not null)
        {
            List(rules, Required).Add((JsonNode)Term(againstHash, ns));
        }
        else if (affinity.PreferredDuringSchedulingIgnoredDuringExecution is { } preferred)
        {
            List(rules, Preferred).Add((JsonNode)new JsonObject { ["weight"] = preferred.Weight, ["podAffinityTerm"] = Term(againstHash, ns) });
        }

        return with;
    }

    /// <summary>The revision that a template's rule is against; null if it has no such rule.</summary>
    public static string? Against(JsonObject? template)
    {
        var rules = template?["spec"]?["affinity"]?["podAntiAffinity"];
        return (rules?[Required] as JsonArray ?? []).Select(Hash)
            .Concat((rules?[Preferred] as JsonArray ?? []).Select(p => Hash(p?["podAffinityTerm"])))
            .FirstOrDefault(h => h is not null);
    }

    /// <summary>The template without the rule.</summary>
    public static JsonObject Strip(JsonObject template)
    {
        if (Against(template) is null)
        {
            return template;
        }

        var without = (JsonObject)template.DeepClone();
        var spec = (JsonObject)without["spec"]!;
        var affinity = (JsonObject)spec["affinity"]!;
        var rules = (JsonObject)affinity["podAntiAffinity"]!;
        Take(rules, Required, Hash);
        Take(rules, Preferred, p => Hash(p?["podAffinityTerm"]));
        if (rules.Count == 0)
        {
            affinity.Remove("podAntiAffinity");
        }

        if (affinity.Count == 0)
        {
            spec.Remove("affinity");
        }

        return without;
    }

    private static void Take(JsonObject rules, string kind, Func<JsonNode?, string?> hash)
    {
        if (rules[kind] is not JsonArray terms)
        {
            return;
        }

        foreach (var ours in terms.Where(t => hash(t) is not null).ToList())
        {
            terms.Remove(ours);
        }

        if (terms.Count == 0)
        {
            rules.Remove(kind);
        }
    }

    private static JsonObject Term(string hash, string ns) => new()
    {
        ["labelSelector"] = new JsonObject
        {
            ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = ArgoNames.PodTemplateHash, ["operator"] = "In", ["values"] = new JsonArray(hash) }),
        },
        ["namespaces"] = new JsonArray(ns),
        ["topologyKey"] = Topology,
    };

    private static string? Hash(JsonNode? term) =>
        term?["topologyKey"]?.ToString() == Topology
            && term["labelSelector"]?["matchExpressions"] is JsonArray { Count: 1 } expressions
            && expressions[0]?["key"]?.ToString() == ArgoNames.PodTemplateHash
            ? expressions[0]!["values"]?[0]?.ToString()
            : null;

    private static JsonObject Member(JsonObject of, string name)
    {
        if (of[name] is not JsonObject member)
        {
            of[name] = member = [];
        }

        return member;
    }

    private static JsonArray List(JsonObject of, string name)
    {
        if (of[name] is not JsonArray list)
        {
            of[name] = list = [];
        }

        return list;
    }
}
