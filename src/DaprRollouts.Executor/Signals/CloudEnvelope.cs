using System.Text.Json;

namespace DaprRollouts.Executor.Signals;

/// <summary>The CloudEvent that a sidecar delivers a message in.</summary>
internal static class CloudEnvelope
{
    /// <summary>The message, or what is wrong. JSON arrives as JSON, what was published as text arrives as a string, and bytes arrive in base64.</summary>
    public static (JsonElement? Data, string? Error) Open(JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
        {
            return (null, $"a CloudEvent is a JSON object, not {envelope.ValueKind}");
        }

        try
        {
            if (envelope.TryGetProperty("data", out var data))
            {
                return (data.ValueKind == JsonValueKind.String ? JsonSerializer.Deserialize<JsonElement>(data.GetString()!) : data, null);
            }

            return Text(envelope, "data_base64") is { } encoded
                ? (JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(encoded)), null)
                : (null, "data: missing; publish the message as JSON");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return (null, $"data: is not JSON: {e.Message.Split(" Path:")[0]}");
        }
    }

    /// <summary>A member of the envelope that is text.</summary>
    public static string? Text(JsonElement envelope, string name) =>
        envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
