using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Patching;

/// <summary>Server-side apply as a merge: what is applied is set, lists with keys are merged, and nothing else is touched.</summary>
internal static class ApplyPatch
{
    public static void Apply(JsonObject target, JsonObject applied, Shape? shape)
    {
        foreach (var (name, value) in applied)
        {
            var field = (shape as Shape.Struct)?.Fields.GetValueOrDefault(name);
            switch (value)
            {
                case JsonObject inner:
                    Apply(target.Ensure(name), inner, field?.Shape ?? (shape as Shape.Map)?.Value);
                    break;
                case JsonArray items when field is { MapKeys.Count: > 0 } && target[name] is JsonArray list:
                    MergeItems(list, items, field);
                    break;
                default:
                    target[name] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void MergeItems(JsonArray list, JsonArray applied, FieldType field)
    {
        var itemShape = (field.Shape as Shape.List)?.Item;
        foreach (var item in applied.OfType<JsonObject>())
        {
            var existing = list.OfType<JsonObject>().FirstOrDefault(old => field.MapKeys.All(k => IsSameKey(old, item, k)));
            if (existing is null)
            {
                list.Add(item.DeepClone());
            }
            else
            {
                Apply(existing, item, itemShape);
            }
        }
    }

    // The protocol of a port is TCP where it is left out.
    private static bool IsSameKey(JsonObject old, JsonObject item, string key) =>
        JsonNode.DeepEquals(old[key], item[key] ?? (key == "protocol" ? JsonValue.Create("TCP") : null));
}
