using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Revisions;

/// <summary>
/// Labels and annotations that pods wear only as long as their revision plays a role. What was put into a ReplicaSet's template is remembered in an annotation of the
/// ReplicaSet, so that exactly that can be taken away again; they never count as part of the template.
/// </summary>
public static class EphemeralMetadata
{
    /// <summary>No metadata at all.</summary>
    public static PodMetadata None { get; } = new();

    /// <summary>What an annotation says was put in; nothing if it says nothing, or nothing readable.</summary>
    public static PodMetadata Read(IReadOnlyDictionary<string, string> annotations, string key)
    {
        if (!annotations.TryGetValue(key, out var text))
        {
            return None;
        }

        try
        {
            return JsonSerializer.Deserialize<PodMetadata>(text, ModelJson.Options) ?? None;
        }
        catch (JsonException)
        {
            return None; // somebody else's words: what is there stays, and what is wanted is put in beside it
        }
    }

    /// <summary>The metadata as an annotation; null for none.</summary>
    public static string? Write(PodMetadata metadata)
    {
        var json = new JsonObject();
        Add(json, "labels", metadata.Labels);
        Add(json, "annotations", metadata.Annotations);
        return json.Count == 0 ? null : json.ToJsonString(ModelJson.Options);
    }

    /// <summary>Whether two say the same.</summary>
    public static bool Same(PodMetadata one, PodMetadata other) =>
        ReferenceEquals(one, other) || Write(one) == Write(other);

    /// <summary>All members of both.</summary>
    public static PodMetadata Union(PodMetadata one, PodMetadata other) => new()
    {
        Labels = Union(one.Labels, other.Labels), Annotations = Union(one.Annotations, other.Annotations),
    };

    /// <summary>The merge patch that brings an object's metadata from what was put in to what is wanted; other members stay as they are.</summary>
    /// <param name="labels">The labels that the object has.</param>
    /// <param name="annotations">The annotations that the object has.</param>
    /// <param name="before">What was put in earlier.</param>
    /// <param name="wanted">What is to be there.</param>
    /// <param name="template">The pod template of the Rollout: a member that it has itself returns to its value.</param>
    public static JsonObject Patch(
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> annotations,
        PodMetadata before,
        PodMetadata wanted,
        JsonObject? template)
    {
        var patch = new JsonObject();
        AddChanges(patch, "labels", labels, before.Labels, wanted.Labels, template);
        AddChanges(patch, "annotations", annotations, before.Annotations, wanted.Annotations, template);
        return patch;
    }

    /// <summary>A ReplicaSet's template without what was put in.</summary>
    public static JsonObject Strip(JsonObject replicaSetTemplate, PodMetadata injected, JsonObject? rolloutTemplate)
    {
        if (Write(injected) is null)
        {
            return replicaSetTemplate;
        }

        var metadata = replicaSetTemplate["metadata"] as JsonObject ?? [];
        var patch = Patch(Texts(metadata["labels"]), Texts(metadata["annotations"]), injected, None, rolloutTemplate);
        return MergePatch.Apply(replicaSetTemplate, new JsonObject { ["metadata"] = patch });
    }

    /// <summary>A JSON object of texts as a dictionary.</summary>
    public static IReadOnlyDictionary<string, string> Texts(JsonNode? node) =>
        (node as JsonObject ?? []).Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value!.ToString());

    private static Dictionary<string, string> Union(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other)
    {
        var all = new Dictionary<string, string>(one ?? new Dictionary<string, string>());
        foreach (var (key, value) in other ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        return all;
    }

    private static void AddChanges(
        JsonObject patch,
        string member,
        IReadOnlyDictionary<string, string> present,
        IReadOnlyDictionary<string, string>? before,
        IReadOnlyDictionary<string, string>? wanted,
        JsonObject? template)
    {
        var changes = new JsonObject();
        foreach (var (key, value) in wanted ?? new Dictionary<string, string>())
        {
            if (present.GetValueOrDefault(key) != value)
            {
                changes[key] = value;
            }
        }

        foreach (var key in (before?.Keys ?? []).Where(k => wanted?.ContainsKey(k) != true && present.ContainsKey(k)))
        {
            changes[key] = template?["metadata"]?[member]?[key]?.ToString();
        }

        if (changes.Count > 0)
        {
            patch[member] = changes;
        }
    }

    private static void Add(JsonObject to, string member, IReadOnlyDictionary<string, string>? texts)
    {
        if (texts is { Count: > 0 })
        {
            to[member] = new JsonObject(texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        }
    }
}
