using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Patching;

/// <summary>JSON patch, RFC 6902.</summary>
internal static class JsonPatch
{
    public static JsonObject Apply(JsonObject target, JsonArray patch)
    {
        JsonNode? root = target;
        foreach (var step in patch)
        {
            if (step is not JsonObject operation)
            {
                throw ApiFailure.BadRequest("a JSON patch is a list of operations");
            }
            root = Apply(root, operation);
        }
        return root as JsonObject ?? throw ApiFailure.Unprocessable("the patched object is not an object");
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var path = PathOf(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, operation["value"]?.DeepClone());
            case "replace":
                Find(root, path, out _);
                return path.Length == 0 ? operation["value"]?.DeepClone() : Set(root, path, operation["value"]?.DeepClone());
            case "remove":
                return Remove(root, path);
            case "test":
                if (!JsonNode.DeepEquals(FindOrNull(root, path), operation["value"]))
                {
                    throw ApiFailure.Unprocessable($"testing value {operation.Text("path")} failed");
                }
                return root;
            case "move":
                Find(root, PathOf(operation, "from"), out var moved);
                root = Remove(root, PathOf(operation, "from"));
                return Add(root, path, moved?.DeepClone());
            case "copy":
                Find(root, PathOf(operation, "from"), out var copied);
                return Add(root, path, copied?.DeepClone());
            default:
                throw ApiFailure.BadRequest($"Unexpected kind: {operation.Text("op")}");
        }
    }

    private static string[] PathOf(JsonObject operation, string field)
    {
        var text = operation.Text(field) ?? throw ApiFailure.BadRequest($"a JSON patch operation lacks its {field}");
        if (text.Length == 0)
        {
            return [];
        }
        return text[0] == '/'
            ? [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw ApiFailure.BadRequest($"a JSON pointer begins with a slash: {text}");
    }

    private static JsonNode? FindOrNull(JsonNode? root, string[] path)
    {
        foreach (var part in path)
        {
            root = root switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, out var index) && index >= 0 && index < list.Count => list[index],
                _ => null,
            };
        }
        return root;
    }

    private static void Find(JsonNode? root, string[] path, out JsonNode? value)
    {
        value = root;
        for (var i = 0; i < path.Length; i++)
        {
            value = value switch
            {
                JsonObject map when map.TryGetPropertyValue(path[i], out var child) => child,
                JsonArray list => list[IndexIn(list, path[i], path)],
                _ => throw Missing(path),
            };
        }
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }
        Find(root, path[..^1], out var parent);
        switch (parent)
        {
            case JsonObject map:
                map[path[^1]] = value;
                return root;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                return root;
            case JsonArray list when int.TryParse(path[^1], out var index) && index >= 0 && index <= list.Count:
                list.Insert(index, value);
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Set(JsonNode? root, string[] path, JsonNode? value)
    {
        Find(root, path[..^1], out var parent);
        if (parent is JsonArray list)
        {
            list[IndexIn(list, path[^1], path)] = value;
        }
        else
        {
            ((JsonObject)parent!)[path[^1]] = value;
        }
        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }
        Find(root, path, out _);
        Find(root, path[..^1], out var parent);
        if (parent is JsonArray list)
        {
            list.RemoveAt(IndexIn(list, path[^1], path));
        }
        else
        {
            ((JsonObject)parent!).Remove(path[^1]);
        }
        return root;
    }

    private static int IndexIn(JsonArray list, string text, string[] path) =>
        int.TryParse(text, out var index) && index >= 0 && index < list.Count ? index : throw Missing(path);

    private static ApiFailure Missing(string[] path) =>
        ApiFailure.Unprocessable($"the server rejected our request due to an error in our request: no value at /{string.Join('/', path)}");
}
