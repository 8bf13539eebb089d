using System.Text.Json.Nodes;
using System.Threading.Channels;
using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>Events that are written one after the other. One that says the same again as an event before it counts that one up.</summary>
internal sealed partial class EventLane : IAsyncDisposable
{
    private const int QueueLength = 2_500;

    // What is forgotten is written as an event of its own.
    private const int RememberedEvents = 1_000;

    private static readonly TimeSpan FlushFor = TimeSpan.FromSeconds(5);

    private readonly Channel<Corev1Event> _queue = Channel.CreateBounded<Corev1Event>(QueueLength);
    private readonly Dictionary<Subject, Corev1Event> _written = [];
    private readonly Queue<Subject> _writtenInOrder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly k8s.Kubernetes _client;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;
    private readonly Task _writing;
    private long _dropped;

    public EventLane(k8s.Kubernetes client, TimeProvider time, ILogger logger)
    {
        (_client, _logger) = (client, logger);
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<KubernetesApiException>(e => e.StatusCode is 0 or 429 or >= 500),
        }).Build();
        _writing = Task.Run(WriteAsync);
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(Corev1Event item)
    {
        if (!_queue.Writer.TryWrite(item))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what waits, as far as that is possible soon, and drops the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _stopping.CancelAfter(FlushFor);
        await _writing;
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        await foreach (var item in _queue.Reader.ReadAllAsync())
        {
            try
            {
                await _retry.ExecuteAsync(async cancel => await WriteAsync(item, cancel), _stopping.Token);
            }
            catch (Exception e) when (e is KubernetesApiException or OperationCanceledException)
            {
                Interlocked.Increment(ref _dropped);
                Log.Dropped(_logger, item.Reason, item.InvolvedObject.Kind, item.InvolvedObject.NamespaceProperty ?? "", item.InvolvedObject.Name, e.Message);
            }
        }
    }

    private async Task WriteAsync(Corev1Event item, CancellationToken cancel)
    {
        var subject = new Subject(item.InvolvedObject.Uid ?? item.InvolvedObject.Name, item.Type, item.Reason, item.Message);
        if (_written.TryGetValue(subject, out var before) && await CountUpAsync(before, item, cancel))
        {
            return;
        }

        await ApiCall.SendAsync(
            "create Event",
            () => _client.CoreV1.CreateNamespacedEventAsync(item, item.Metadata.NamespaceProperty, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel),
            cancel);
        if (_written.TryAdd(subject, item))
        {
            _writtenInOrder.Enqueue(subject);
            if (_writtenInOrder.Count > RememberedEvents)
            {
                _written.Remove(_writtenInOrder.Dequeue());
            }
        }
        else
        {
            _written[subject] = item;
        }
    }

    // False if the event is no longer there: they live for an hour.
    private async Task<bool> CountUpAsync(Corev1Event before, Corev1Event again, CancellationToken cancel)
    {
        var patch = new JsonObject { ["count"] = before.Count + 1, ["lastTimestamp"] = ModelJson.Time(again.LastTimestamp!.Value) };
        try
        {
            await ApiCall.SendAsync(
                "patch Event",
                () => _client.CoreV1.PatchNamespacedEventAsync(
                    new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), before.Metadata.Name, before.Metadata.NamespaceProperty,
                    fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel),
                cancel);
        }
        catch (NotFoundException)
        {
            return false;
        }

        before.Count++;
        return true;
    }

    private readonly record struct Subject(string Uid, string Type, string Reason, string Message);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Event {Reason} of {Kind} {Namespace}/{Name} was dropped: {Problem}")]
        public static partial void Dropped(ILogger logger, string reason, string kind, string @namespace, string name, string problem);
    }
}
