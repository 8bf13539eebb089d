using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Model;

/// <summary>JSON merge patches (RFC 7396): objects are merged, null removes a member, everything else, lists included, is replaced whole.</summary>
public static class MergePatch
{
    /// <summary>The patch that turns one object into another; empty if they are equal.</summary>
    public static JsonObject Diff(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in from)
        {
            if (to[name] is null)
            {
                patch[name] = null;
            }
        }

        foreach (var (name, value) in to)
        {
            switch (from[name], value)
            {
                case (_, null):
                    break;
                case (JsonObject before, JsonObject after):
                    if (Diff(before, after) is { Count: > 0 } inner)
                    {
                        patch[name] = inner;
                    }

                    break;
                case var (before, after):
                    if (!JsonNode.DeepEquals(before, after))
                    {
                        patch[name] = after.DeepClone();
                    }

                    break;
            }
        }

        return patch;
    }

    /// <summary>The object after a patch; the arguments stay as they are.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    result.Remove(name);
                    break;
                case JsonObject inner:
                    result[name] = Apply(result[name] as JsonObject ?? [], inner);
                    break;
                default:
                    result[name] = value.DeepClone();
                    break;
            }
        }

        return result;
    }
}
