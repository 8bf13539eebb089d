using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Patching;

/// <summary>
/// Strategic merge patch: as a merge patch, but lists whose items have a key are merged item by item, and directives
/// ($patch, $retainKeys, $deleteFromPrimitiveList, $setElementOrder) say what a merge cannot.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    public static void Apply(JsonObject target, JsonObject patch, Shape? shape)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                target.Clear();
                break;
            case "delete":
                target.Clear();
                return;
        }
        if (patch.Array(RetainKeys) is { } retained)
        {
            var kept = retained.Select(k => k.AsText()).ToHashSet();
            foreach (var (name, _) in target.ToArray().Where(f => !kept.Contains(f.Key)))
            {
                target.Remove(name);
            }
        }
        foreach (var (name, value) in patch.Where(f => f.Key.StartsWith(DeletePrefix, StringComparison.Ordinal)))
        {
            RemoveItems(target, name[DeletePrefix.Length..], value as JsonArray ?? []);
        }
        var orders = patch.Where(f => f.Key.StartsWith(OrderPrefix, StringComparison.Ordinal))
            .ToDictionary(f => f.Key[OrderPrefix.Length..], f => f.Value as JsonArray);
        foreach (var name in patch.Select(f => f.Key).Where(f => f[..1] != "$").Union(orders.Keys).ToArray())
        {
            var field = FieldOf(shape, name);
            var live = ListOrder.Identities(target.Array(name), field?.MergeKey);
            if (patch.ContainsKey(name))
            {
                Merge(target, name, patch[name], field);
            }
            if (field is { MergesItems: true } && target.Array(name) is { } merged)
            {
                var wanted = orders.GetValueOrDefault(name) ?? patch.Array(name);
                ListOrder.Set(merged, live, ListOrder.Identities(wanted, field.MergeKey), field.MergeKey);
            }
        }
    }

    private static void Merge(JsonObject target, string name, JsonNode? value, FieldType? field)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject inner when inner.Text(Directive) == "delete":
                target.Remove(name);
                break;
            case JsonObject inner:
                Apply(target.Ensure(name), inner, field?.Shape);
                break;
            case JsonArray items when field is { MergesItems: true }:
                MergeList(target, name, items, field);
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static void MergeList(JsonObject target, string name, JsonArray patch, FieldType field)
    {
        var replaces = patch.OfType<JsonObject>().Any(i => i.Text(Directive) == "replace");
        if (target[name] is not JsonArray list || replaces)
        {
            target[name] = list = [];
        }
        if (field.MergeKey is not { } key)
        {
            foreach (var item in patch.Where(i => !list.Any(old => JsonNode.DeepEquals(old, i))))
            {
                list.Add(item?.DeepClone());
            }
            return;
        }
        var itemShape = (field.Shape as Shape.List)?.Item;
        foreach (var item in patch.OfType<JsonObject>().Where(i => i.Text(Directive) != "replace"))
        {
            var identity = item[key] ?? throw ApiFailure.BadRequest($"map: {JsonTree.Text(item)} does not contain declared merge key: {key}");
            var existing = list.OfType<JsonObject>().FirstOrDefault(i => JsonNode.DeepEquals(i[key], identity));
            if (item.Text(Directive) == "delete")
            {
                foreach (var doomed in list.OfType<JsonObject>().Where(i => JsonNode.DeepEquals(i[key], identity)).ToArray())
                {
                    list.Remove(doomed);
                }
            }
            else if (existing is null)
            {
                var added = new JsonObject();
                Apply(added, item, itemShape);
                list.Add((JsonNode)added);
            }
            else
            {
                Apply(existing, item, itemShape);
            }
        }
    }

    private static void RemoveItems(JsonObject target, string name, JsonArray doomed)
    {
        if (target[name] is JsonArray list)
        {
            foreach (var item in list.Where(i => doomed.Any(d => JsonNode.DeepEquals(d, i))).ToArray())
            {
                list.Remove(item);
            }
        }
    }

    private static FieldType? FieldOf(Shape? shape, string name) => shape switch
    {
        Shape.Struct type => type.Fields.GetValueOrDefault(name),
        Shape.Map map => new FieldType(name, map.Value),
        _ => null,
    };
}
