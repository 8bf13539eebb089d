using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Engine;
using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Serving;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>Requests that happen to share a commit see each other's changes as if each had its own.</summary>
public sealed class OneCommitTests : IDisposable
{
    private readonly EmbeddedEngine _engine = new(
        new EngineStore(EngineDatabase.OpenInMemory()), new EngineSetting(new WorkflowEngineOptions(), new FakeTimeProvider(), NullLogger.Instance));

    private readonly InstanceCalls _calls;

    public OneCommitTests() => _calls = new InstanceCalls(_engine);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_purged_instance_does_not_come_back()
    {
        var setup = Task.WhenAll(_calls.StartAsync(Answers.Start("i"), default), _calls.TerminateAsync(new TerminateRequest { InstanceId = "i" }));
        _engine.RunOnce();
        await setup;

        var purged = _calls.PurgeAsync(new PurgeInstancesRequest { InstanceId = "i" });
        var again = Assert.ThrowsAsync<Grpc.Core.RpcException>(() => _calls.PurgeAsync(new PurgeInstancesRequest { InstanceId = "i" }));
        var together = _calls.GetAsync(Answers.Get("i"));
        _engine.RunOnce();
        var later = _calls.GetAsync(Answers.Get("i"));
        _engine.RunOnce();

        Assert.Equal(1, (await purged).DeletedInstanceCount);
        await again;
        Assert.False((await together).Exists);
        Assert.False((await later).Exists);
    }

    [Fact]
    public async Task An_id_can_be_purged_and_used_again()
    {
        var setup = Task.WhenAll(_calls.StartAsync(Answers.Start("i", input: "1"), default), _calls.TerminateAsync(new TerminateRequest { InstanceId = "i" }));
        _engine.RunOnce();
        await setup;

        var purged = _calls.PurgeAsync(new PurgeInstancesRequest { InstanceId = "i" });
        var started = _calls.StartAsync(Answers.Start("i", input: "2"), default);
        _engine.RunOnce();
        var state = _calls.GetAsync(Answers.Get("i"));
        _engine.RunOnce();

        await Task.WhenAll(purged, started);
        Assert.Equal((OrchestrationStatus.Pending, "2"), ((await state).WorkflowState.WorkflowStatus, (await state).WorkflowState.Input));
    }
}
