using System.Text.Json.Nodes;

namespace DaprRollouts.Cli.Output;

/// <summary>The images of a pod template.</summary>
internal static class Images
{
    /// <summary>Those of its containers, in order.</summary>
    public static IEnumerable<string> Of(JsonObject? template) =>
        (template?["spec"]?["containers"] as JsonArray ?? []).Select(c => c?["image"]?.ToString()).OfType<string>();
}
