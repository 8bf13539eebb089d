using DaprRollouts.Protocol;

namespace DaprRollouts.Conformance.Engine;

/// <summary>A test of one engine in real time.</summary>
public abstract class EngineTest : IAsyncLifetime
{
    private readonly DataDirectory _data = new();

    internal ServedEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await ServedEngine.StartAsync(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the engine, and starts another one on its data.</summary>
    internal async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        Engine = await ServedEngine.StartAsync(_data.Path);
    }

    internal async Task<WorkflowState> StateAsync(string id) => (await Engine.Client.GetInstanceAsync(Answers.Get(id))).WorkflowState;

    internal async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id) =>
        (await Engine.Client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id })).Events;
}
