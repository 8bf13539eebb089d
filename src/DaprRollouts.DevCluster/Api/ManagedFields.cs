using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Records who wrote an object, how and when; which fields it wrote is kept to the top level.</summary>
internal static class ManagedFields
{
    public static void Record(JsonObject content, ResourceType type, WriteOptions options, JsonObject? before, DateTimeOffset now)
    {
        if (type.Plural == "events" || options.Manager.Length == 0)
        {
            return;
        }
        var metadata = content.Ensure("metadata");
        var entries = metadata.Array("managedFields") ?? [];
        metadata["managedFields"] = entries.Parent is null ? entries : entries.DeepClone();
        entries = metadata.Array("managedFields")!;
        var changed = content.Where(f => !IsEnvelope(f.Key) && !JsonNode.DeepEquals(f.Value, before?[f.Key])).Select(f => f.Key);
        var entry = entries.OfType<JsonObject>().FirstOrDefault(e =>
            e.Text("manager") == options.Manager && e.Text("operation") == options.Operation
            && (e.Text("subresource") ?? "") == options.Subresource);
        if (entry is null)
        {
            entry = new JsonObject { ["manager"] = options.Manager, ["operation"] = options.Operation };
            if (options.Subresource.Length > 0)
            {
                entry["subresource"] = options.Subresource;
            }
            entries.Add((JsonNode)entry);
        }
        entry["apiVersion"] = type.GroupVersion;
        entry["time"] = now.Timestamp();
        entry["fieldsType"] = "FieldsV1";
        var fields = entry.Ensure("fieldsV1");
        foreach (var name in changed)
        {
            fields[$"f:{name}"] ??= new JsonObject();
        }
    }

    private static bool IsEnvelope(string field) => field is "apiVersion" or "kind" or "metadata";
}
