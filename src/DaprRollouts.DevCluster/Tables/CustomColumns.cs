using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>The columns that a custom resource definition declares.</summary>
internal static class CustomColumns
{
    public static IReadOnlyList<TableColumn> Of(JsonObject version)
    {
        var declared = version.Objects("additionalPrinterColumns").ToArray();
        return declared.Length == 0 ? OtherColumns.NameAndAge : [Columns.Name, .. declared.Select(Column)];
    }

    private static TableColumn Column(JsonObject column)
    {
        var type = column.Text("type") ?? "string";
        var path = JsonPath.Parse(column.Text("jsonPath") ?? "");
        return new TableColumn(
            column.Text("name") ?? "", type, column.Text("format") ?? "", column.Text("description") ?? "",
            (int)(column.Number("priority") ?? 0), (item, now) => Cell(path.Find(item), type, now));
    }

    private static JsonNode? Cell(JsonNode? value, string type, DateTimeOffset now)
    {
        if (value is null)
        {
            return null;
        }
        return type switch
        {
            "integer" => value.AsNumber() is { } number ? JsonValue.Create(number) : null,
            "number" => value.IsNumber() ? value.DeepClone() : null,
            "boolean" => value.Flag() is { } flag ? JsonValue.Create(flag) : null,
            "date" => DateTimeOffset.TryParse(value.AsText(), out var time) ? Columns.AgeOf(time, now) : "<invalid>",
            _ => value.AsText() ?? JsonTree.Text(value),
        };
    }
}
