using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Storage;

/// <summary>One version of an object, as stored. It is shared by readers on many threads: its content is never changed.</summary>
internal sealed class StoredObject
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public StoredObject(ObjectKey key, long revision, JsonObject content)
    {
        content.Ensure("metadata").SetOrRemove("resourceVersion", revision == 0 ? null : revision.ToString());
        Utf8 = JsonTree.Write(content);
        Content = (JsonObject)JsonTree.Parse(Utf8.Span)!;
        Key = key;
        Revision = revision;
        var metadata = Content.Object("metadata");
        Uid = metadata.Text("uid") ?? "";
        IsDeleting = metadata.Text("deletionTimestamp") is not null;
        Labels = metadata.Object("labels") is { } labels
            ? labels.ToDictionary(l => l.Key, l => l.Value.AsText() ?? "")
            : NoLabels;
        Owners = OwnerReference.AllOf(Content);
        Controller = Array.Find(Owners, o => o.Controls);
    }

    public ObjectKey Key { get; }

    public long Revision { get; }

    public JsonObject Content { get; }

    public ReadOnlyMemory<byte> Utf8 { get; }

    public string Uid { get; }

    public bool IsDeleting { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public OwnerReference[] Owners { get; }

    public OwnerReference? Controller { get; }

    public JsonNode? Spec => Content["spec"];

    public JsonNode? Status => Content["status"];

    public JsonObject Copy() => JsonTree.Copy(Content);

    /// <summary>What a dry run shows: an object that was not stored, and so has the version it had before, if any.</summary>
    public static StoredObject Unstored(ObjectKey key, JsonObject content) =>
        new(key, long.TryParse(content.Text("metadata", "resourceVersion"), out var revision) ? revision : 0, content);
}
