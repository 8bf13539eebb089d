using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>Shows objects as the Table that kubectl asks for.</summary>
internal sealed class TableRendering(ResourceType type, string version, string includeObject)
{
    private readonly IReadOnlyList<TableColumn> _columns = type.Columns.Count > 0 ? type.Columns : OtherColumns.NameAndCreation;

    /// <param name="withColumns">Whether to describe the columns; a watch does so only once.</param>
    public JsonObject Render(IEnumerable<JsonObject> items, JsonObject metadata, DateTimeOffset now, bool withColumns = true) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = metadata,
        ["columnDefinitions"] = withColumns ? new JsonArray([.. _columns.Select(Definition)]) : null,
        ["rows"] = new JsonArray([.. items.Select(i => (JsonNode)Row(i, now))]),
    };

    private static JsonNode Definition(TableColumn column) => new JsonObject
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private JsonObject Row(JsonObject item, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. _columns.Select(c => c.Cell(item, now))]) };
        if (includeObject == "Object")
        {
            row["object"] = item.DeepClone();
        }
        else if (includeObject != "None")
        {
            row["object"] = PartialMetadata.Of(item, version);
        }
        return row;
    }
}
