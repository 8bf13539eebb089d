using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>
/// Writes Kubernetes events in the background, so that no rollout waits for them: those of one object in order, those of others beside them. When more come than
/// the API server takes, the newest are dropped and counted.
/// </summary>
public sealed class EventRecorder : IAsyncDisposable
{
    // Few enough not to be felt beside the writes that rollouts wait for.
    private const int Lanes = 4;

    private readonly EventLane[] _lanes;
    private readonly TimeProvider _time;
    private long _sequence;

    public EventRecorder(k8s.Kubernetes client, TimeProvider time, ILogger<EventRecorder> logger)
    {
        _time = time;
        _sequence = time.GetUtcNow().Ticks;
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new EventLane(client, time, logger))];
    }

    /// <summary>Events that were dropped, as too many waited or the API server refused them.</summary>
    public long Dropped => _lanes.Sum(l => l.Dropped);

    /// <summary>Raised for each event, whether it can be written or not.</summary>
    public event Action<Corev1Event>? Recorded;

    /// <summary>Records an event of an object.</summary>
    public void Record(IKubernetesObject<V1ObjectMeta> about, bool warning, string reason, string message)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var lane = (uint)string.GetHashCode(about.Metadata.Uid ?? about.Metadata.Name, StringComparison.Ordinal) % Lanes;
        var item = new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta
            {
                Name = Name(about.Metadata.Name, Interlocked.Increment(ref _sequence)),
                NamespaceProperty = about.Metadata.NamespaceProperty ?? "default",
            },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = about.ApiVersion,
                Kind = about.Kind,
                Name = about.Metadata.Name,
                NamespaceProperty = about.Metadata.NamespaceProperty,
                Uid = about.Metadata.Uid,
                ResourceVersion = about.Metadata.ResourceVersion,
            },
            Reason = reason,
            Message = message,
            Type = warning ? "Warning" : "Normal",
            Source = new V1EventSource { Component = "rollouts-controller" },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
        _lanes[lane].Add(item);
        Recorded?.Invoke(item);
    }

    /// <summary>Writes what waits, as far as that is possible soon, and ends.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_lanes.Select(l => l.DisposeAsync().AsTask()));

    // Names of objects may have 253 characters, and so may names of events.
    private static string Name(string about, long sequence)
    {
        var suffix = $".{sequence:x}";
        return string.Concat(about.AsSpan(0, Math.Min(about.Length, 253 - suffix.Length)), suffix);
    }
}
