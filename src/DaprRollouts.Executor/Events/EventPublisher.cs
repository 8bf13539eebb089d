using System.Threading.Channels;
using Dapr;
using Dapr.Client;
using DaprRollouts.Executor.Signals;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using Grpc.Core;
using k8s.Models;
using Prometheus;

namespace DaprRollouts.Executor.Events;

/// <summary>
/// Publishes what happens to rollouts, for whoever listens: each Kubernetes event, and each new phase. No rollout waits for it; what cannot be published soon is
/// counted and dropped.
/// </summary>
internal sealed partial class EventPublisher(
    DaprClient sidecar, ClusterCache cluster, EventRecorder recorder, LeaderElection election, ExecutorOptions options, TimeProvider time,
    ILogger<EventPublisher> logger) : BackgroundService
{
    private const string Topic = "rollouts.events";
    private const string ContentType = "application/cloudevents+json";
    private const int QueueLength = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Counter Published = Metrics.CreateCounter(
        "dapr_rollouts_published_events_total", "Events for the topic rollouts.events: published, failed, or dropped as too many waited.", "result");

    private readonly Channel<RolloutEvent> _queue = Channel.CreateBounded<RolloutEvent>(QueueLength);
    private bool _works = true;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        recorder.Recorded += OnEvent;
        cluster.Rollouts.Changed += OnRollout;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        recorder.Recorded -= OnEvent;
        cluster.Rollouts.Changed -= OnRollout;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            await PublishAsync(item, stoppingToken);
        }
    }

    private async Task PublishAsync(RolloutEvent item, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await sidecar.PublishByteEventAsync(Subscriptions.PubSub, Topic, item.ToCloudEvent(), ContentType, cancellationToken: either.Token);
            Published.WithLabels("published").Inc();
            _works = true;
        }
        catch (Exception e) when ((e is DaprException or RpcException or OperationCanceledException) && !cancel.IsCancellationRequested)
        {
            Published.WithLabels("failed").Inc();
            if (_works)
            {
                Log.Failed(logger, item.Type, item.Subject, (e.InnerException ?? e).Message);
                _works = false; // the counter tells how many more
            }
        }
    }

    private void OnEvent(Corev1Event happened)
    {
        var about = happened.InvolvedObject;
        Add(RolloutEvent.Of(happened, about.Kind == Kinds.Rollouts.Kind ? cluster.Rollouts.Get(about.NamespaceProperty, about.Name) : null));
    }

    // Every replica sees the change; one tells of it.
    private void OnRollout(ResourceChange<Rollout> change)
    {
        var (before, after) = (change.Old?.Status?.Phase, change.New?.Status?.Phase);
        if (change is { Old: not null, New: not null } && before != after && !string.IsNullOrEmpty(after) && (election.IsLeader || !options.LeaderElect))
        {
            Add(RolloutEvent.Of(change.New, before, time.GetUtcNow()));
        }
    }

    private void Add(RolloutEvent item)
    {
        if (!_queue.Writer.TryWrite(item))
        {
            Published.WithLabels("dropped").Inc();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Type} of {Subject} could not be published, and is lost; those that follow are tried, and only counted while they fail: {Problem}")]
        public static partial void Failed(ILogger logger, string type, string subject, string problem);
    }
}
