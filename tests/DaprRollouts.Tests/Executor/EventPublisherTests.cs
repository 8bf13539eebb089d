using DaprRollouts.Core.Model;
using DaprRollouts.Executor;
using DaprRollouts.Executor.Events;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Tests.Executor;

/// <summary>What is published of what happens.</summary>
public sealed class EventPublisherTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly k8s.Kubernetes _client = new(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });
    private PublishingSidecar _sidecar = null!;
    private ClusterCache _cluster = null!;
    private EventRecorder _recorder = null!;
    private EventPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await PublishingSidecar.StartAsync();
        _cluster = new ClusterCache(_client, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance);
        _recorder = new EventRecorder(_client, TimeProvider.System, NullLogger<EventRecorder>.Instance);
        var election = new LeaderElection(_client, new LeaderElectionOptions("default", "me"), _time, NullLogger<LeaderElection>.Instance);
        _publisher = new EventPublisher(
            _sidecar.Client, _cluster, _recorder, election, new ExecutorOptions(), _time, NullLogger<EventPublisher>.Instance);
        await _publisher.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.StopAsync(CancellationToken.None);
        _publisher.Dispose();
        await _recorder.DisposeAsync();
        await _cluster.DisposeAsync();
        await _sidecar.DisposeAsync();
        _client.Dispose();
    }

    [Fact]
    public async Task A_new_phase_is_published_as_a_CloudEvent()
    {
        _cluster.Rollouts.Upsert(App("1", RolloutPhase.Healthy));
        _cluster.Rollouts.Upsert(App("2", RolloutPhase.Healthy));
        _cluster.Rollouts.Upsert(App("3", RolloutPhase.Degraded));

        var (topic, type, published) = await _sidecar.NextAsync();
        Assert.Equal(("rollouts-pubsub/rollouts.events", "application/cloudevents+json"), (topic, type));
        Assert.Equal(
            """{"specversion":"1.0","id":"uid-1.3","source":"dapr-rollouts","type":"io.dapr-rollouts.phase","subject":"shop/app","time":"2026-01-02T03:04:05Z","datacontenttype":"application/json","data":{"namespace":"shop","kind":"Rollout","name":"app","uid":"uid-1","revision":7,"workflow":"app-uid-r7","phase":"Degraded","before":"Healthy","message":"a pod fails"}}""",
            published.GetRawText());
    }

    [Fact]
    public async Task A_Kubernetes_event_is_published_too()
    {
        _cluster.Rollouts.Upsert(App("1", RolloutPhase.Healthy));

        _recorder.Record(App("1", RolloutPhase.Healthy), true, "RolloutAborted", "Rollout aborted update to revision 7");

        var data = (await _sidecar.NextAsync()).Event.GetProperty("data");
        Assert.Equal(
            ("RolloutAborted", "Warning", "Rollout aborted update to revision 7", 7),
            (data.GetProperty("reason").GetString(), data.GetProperty("type").GetString(), data.GetProperty("message").GetString(), data.GetProperty("revision").GetInt32()));
    }

    [Fact]
    public async Task What_a_broker_refuses_is_counted_and_the_next_is_published()
    {
        var before = await FailedAsync();
        _sidecar.Refuses = true;
        _cluster.Rollouts.Upsert(App("1", RolloutPhase.Healthy));
        _cluster.Rollouts.Upsert(App("2", RolloutPhase.Paused));
        await _sidecar.Refused;

        _sidecar.Refuses = false;
        _cluster.Rollouts.Upsert(App("3", RolloutPhase.Progressing));
        Assert.Equal("Progressing", (await _sidecar.NextAsync()).Event.GetProperty("data").GetProperty("phase").GetString());
        Assert.Equal(before + 1, await FailedAsync());
    }

    private static async Task<double> FailedAsync()
    {
        using var stream = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')
            .Where(l => l.StartsWith("dapr_rollouts_published_events_total{result=\"failed\"}", StringComparison.Ordinal))
            .Sum(l => double.Parse(l.Split(' ')[1]));
    }

    private static Rollout App(string version, string phase) => new()
    {
        ApiVersion = Kinds.Rollouts.ApiVersion,
        Kind = Kinds.Rollouts.Kind,
        Metadata = new V1ObjectMeta
        {
            Name = "app", NamespaceProperty = "shop", Uid = "uid-1", ResourceVersion = version,
            Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = "7", [OwnNames.WorkflowId] = "app-uid-r7" },
        },
        Status = new RolloutStatus { Phase = phase, Message = phase == RolloutPhase.Degraded ? "a pod fails" : "" },
    };
}
