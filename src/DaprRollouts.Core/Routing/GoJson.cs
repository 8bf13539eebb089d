using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Routing;

/// <summary>JSON as Go writes it, byte for byte: texts that Argo Rollouts has written are then found to be as they should be.</summary>
internal static class GoJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact, with only those characters escaped that Go escapes.</summary>
    public static string Write(JsonNode node) =>
        node.ToJsonString(Relaxed).Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026");
}
