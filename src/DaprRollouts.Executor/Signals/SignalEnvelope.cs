using System.Text.Json;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Executor.Signals;

/// <summary>Takes a signal out of the CloudEvent that a sidecar delivers it in.</summary>
internal static class SignalEnvelope
{
    /// <summary>The signal, or what is wrong with it. What it does not say itself, the envelope does: the event's id, and its source as the sender.</summary>
    public static (Signal? Signal, string? Error) Open(JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
        {
            return (null, $"a CloudEvent is a JSON object, not {envelope.ValueKind}");
        }

        var (data, unreadable) = Data(envelope);
        if (data is null)
        {
            return (null, unreadable);
        }

        var (signal, error) = Signal.Parse(data.Value);
        return signal is null ? (null, error)
            : string.IsNullOrEmpty(signal.Namespace) ? (null, "namespace: missing; give that of the Rollout")
            : string.IsNullOrEmpty(signal.Rollout) ? (null, "rollout: missing; give the name of the Rollout")
            : (signal with { Id = signal.Id ?? Text(envelope, "id"), By = signal.By ?? Text(envelope, "source") }, null);
    }

    // JSON arrives as JSON, what was published as text arrives as a string, and bytes arrive in base64.
    private static (JsonElement? Data, string? Error) Data(JsonElement envelope)
    {
        try
        {
            if (envelope.TryGetProperty("data", out var data))
            {
                return (data.ValueKind == JsonValueKind.String ? JsonSerializer.Deserialize<JsonElement>(data.GetString()!) : data, null);
            }

            return Text(envelope, "data_base64") is { } encoded
                ? (JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(encoded)), null)
                : (null, "data: missing; publish the signal as JSON");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return (null, $"data: is not JSON: {e.Message.Split(" Path:")[0]}");
        }
    }

    private static string? Text(JsonElement envelope, string name) =>
        envelope.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
