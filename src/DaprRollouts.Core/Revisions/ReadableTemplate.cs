using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Revisions;

/// <summary>
/// A pod template without quantities that no API server can read. A Rollout's schema lets them through, a ReplicaSet's does not; Argo Rollouts leaves them out, too.
/// </summary>
public static partial class ReadableTemplate
{
    // The result must be the same object each time, as hashes are kept by object.
    private static readonly ConditionalWeakTable<JsonObject, JsonObject> Known = [];

    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];
    private static readonly string[] QuantityLists = ["requests", "limits"];

    /// <summary>The template itself, or one without what cannot be read.</summary>
    public static JsonObject? Of(JsonObject? template) => template is null ? null : Known.GetValue(template, Clean);

    private static JsonObject Clean(JsonObject template)
    {
        if (!Unreadable(template).Any())
        {
            return template;
        }

        var clean = (JsonObject)template.DeepClone();
        foreach (var (quantities, name) in Unreadable(clean).ToList())
        {
            quantities.Remove(name);
        }

        return clean;
    }

    private static IEnumerable<(JsonObject Quantities, string Name)> Unreadable(JsonObject template) =>
        from list in ContainerLists
        from container in template["spec"]?[list] as JsonArray ?? []
        from kind in QuantityLists
        let quantities = container["resources"]?[kind] as JsonObject
        where quantities is not null
        from quantity in quantities
        where quantity.Value is not JsonValue value || !Quantity().IsMatch(value.ToString())
        select (quantities, quantity.Key);

    [GeneratedRegex(@"^[+-]?(\d+(\.\d*)?|\.\d+)(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$")]
    private static partial Regex Quantity();
}
