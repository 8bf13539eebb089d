using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>
/// Writes Kubernetes events in the background, in order, so that no rollout waits for them. When more come than the API server takes, the newest are
/// dropped and counted.
/// </summary>
public sealed class EventRecorder : IAsyncDisposable
{
    private const int QueueLength = 10_000;

    private readonly Channel<Corev1Event> _queue = Channel.CreateBounded<Corev1Event>(QueueLength);
    private readonly k8s.Kubernetes _client;
    private readonly TimeProvider _time;
    private readonly ILogger<EventRecorder> _logger;
    private readonly Task _writing;
    private long _sequence;

    public EventRecorder(k8s.Kubernetes client, TimeProvider time, ILogger<EventRecorder> logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        _sequence = time.GetUtcNow().Ticks;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Events that were dropped, as the queue was full or the API server refused them.</summary>
    public long Dropped { get; private set; }

    /// <summary>Records an event of an object.</summary>
    public void Record(IKubernetesObject<V1ObjectMeta> about, bool warning, string reason, string message)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var written = _queue.Writer.TryWrite(new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta
            {
                Name = $"{about.Metadata.Name}.{Interlocked.Increment(ref _sequence):x}",
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
        });
        Dropped += written ? 0 : 1;
    }

    /// <summary>Writes what is queued, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        await foreach (var item in _queue.Reader.ReadAllAsync())
        {
            try
            {
                await _client.CoreV1.CreateNamespacedEventAsync(item, item.Metadata.NamespaceProperty, fieldManager: ClusterWriter.FieldManager);
            }
            catch (Exception e) when (e is HttpOperationException or HttpRequestException)
            {
                Dropped++;
                _logger.LogDebug("Event {Reason} of {Object} was not written: {Message}", item.Reason, item.InvolvedObject.Name, e.Message);
            }
        }
    }
}
