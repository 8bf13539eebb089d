using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Engine;
using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Serving;
using DaprRollouts.Engine.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>Clients that wait for an instance, and give up.</summary>
public sealed class WaitingTests : IDisposable
{
    private readonly EmbeddedEngine _engine = new(
        new EngineStore(EngineDatabase.OpenInMemory()), new EngineSetting(new WorkflowEngineOptions(), new FakeTimeProvider(), NullLogger.Instance));

    private readonly InstanceCalls _calls;

    public WaitingTests() => _calls = new InstanceCalls(_engine);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_gives_up_is_forgotten(bool waitsAlready)
    {
        using var patience = new CancellationTokenSource();
        Task[] waiting =
        [
            _calls.AwaitAsync(Answers.Get("missing"), InstanceStates.HasEnded, patience.Token),
            _calls.AwaitAsync(Answers.Get("missing"), InstanceStates.HasBegun, patience.Token),
        ];
        if (waitsAlready)
        {
            _engine.RunOnce();
            Assert.Equal(2, _engine.Core.Waiters.Count);
        }

        await patience.CancelAsync();
        _engine.RunOnce();

        foreach (var waiter in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        }

        Assert.Equal(0, _engine.Core.Waiters.Count);
    }

    [Fact]
    public async Task Who_is_answered_is_forgotten()
    {
        var waiting = _calls.AwaitAsync(Answers.Get("i"), InstanceStates.HasEnded, CancellationToken.None);
        _engine.RunOnce();
        var ended = Task.WhenAll(
            _calls.StartAsync(Answers.Start("i"), CancellationToken.None),
            _calls.TerminateAsync(new DaprRollouts.Protocol.TerminateRequest { InstanceId = "i" }));
        _engine.RunOnce();

        await Task.WhenAll(waiting, ended);
        Assert.Equal(0, _engine.Core.Waiters.Count);
    }
}
