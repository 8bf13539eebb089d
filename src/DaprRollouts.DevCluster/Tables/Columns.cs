using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Tables;

/// <summary>Columns that several kinds share, and a short way to write the others.</summary>
internal static class Columns
{
    public static TableColumn Name { get; } = new("Name", "string", "name", "", 0, (o, _) => o.Text("metadata", "name"));

    public static TableColumn Age { get; } = new("Age", "string", "", "", 0, (o, now) => AgeOf(o.Time("metadata", "creationTimestamp"), now));

    public static TableColumn CreatedAt { get; } = new(
        "Created At", "date", "", "", 0, (o, _) => o.Text("metadata", "creationTimestamp"));

    public static TableColumn[] WithPodTemplate { get; } =
    [
        Wide("Containers", o => Names(o.At("spec", "template", "spec"), "name")),
        Wide("Images", o => Names(o.At("spec", "template", "spec"), "image")),
        Wide("Selector", o => LabelSelector.From(o.At("spec", "selector")).ToString()),
    ];

    public static TableColumn Text(string name, Func<JsonObject, string?> cell) => new(name, "string", "", "", 0, (o, _) => cell(o) ?? "");

    public static TableColumn Wide(string name, Func<JsonObject, string?> cell) => new(name, "string", "", "", 1, (o, _) => cell(o) ?? "");

    public static TableColumn Number(string name, Func<JsonObject, long?> cell) => new(name, "integer", "", "", 0, (o, _) => cell(o) ?? 0);

    public static TableColumn Timed(string name, Func<JsonObject, DateTimeOffset, string?> cell) =>
        new(name, "string", "", "", 0, (o, now) => cell(o, now) ?? "");

    public static string AgeOf(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } start ? Elapsed.Short(now - start) : "<unknown>";

    private static string Names(JsonNode? podSpec, string field) =>
        string.Join(',', podSpec.Objects("containers").Select(c => c.Text(field)));
}
