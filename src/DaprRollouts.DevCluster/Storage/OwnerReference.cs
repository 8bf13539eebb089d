using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Storage;

/// <summary>One entry of metadata.ownerReferences.</summary>
internal sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controls, bool Blocks)
{
    public static OwnerReference[] AllOf(JsonObject content) =>
    [
        .. content.Objects("metadata", "ownerReferences").Select(o => new OwnerReference(
            o.Text("apiVersion") ?? "", o.Text("kind") ?? "", o.Text("name") ?? "", o.Text("uid") ?? "",
            o.Flag("controller") ?? false, o.Flag("blockOwnerDeletion") ?? false)),
    ];

    public static JsonObject Controller(string apiVersion, string kind, StoredObject owner) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = owner.Key.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
