using System.Text.Json;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Executor.Signals;

/// <summary>Takes a signal out of the CloudEvent that a sidecar delivers it in.</summary>
internal static class SignalEnvelope
{
    /// <summary>The signal, or what is wrong with it. What it does not say itself, the envelope does: the event's id, and its source as the sender.</summary>
    public static (Signal? Signal, string? Error) Open(JsonElement envelope)
    {
        var (data, unreadable) = CloudEnvelope.Open(envelope);
        if (data is null)
        {
            return (null, unreadable);
        }

        var (signal, error) = Signal.Parse(data.Value);
        return signal is null ? (null, error)
            : string.IsNullOrEmpty(signal.Namespace) ? (null, "namespace: missing; give that of the Rollout")
            : string.IsNullOrEmpty(signal.Rollout) ? (null, "rollout: missing; give the name of the Rollout")
            : (signal with { Id = signal.Id ?? CloudEnvelope.Text(envelope, "id"), By = signal.By ?? CloudEnvelope.Text(envelope, "source") }, null);
    }
}
