using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Engine;
using DaprRollouts.Protocol;
using Grpc.Net.Client;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>An engine for one test, reached through the protocol alone. It can be ended and begun again.</summary>
internal sealed class RawEngine : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly Action<WorkflowEngineOptions>? _configure;
    private EngineHost _host = null!;
    private GrpcChannel _channel = null!;

    private RawEngine(Action<WorkflowEngineOptions>? configure) => _configure = configure;

    public Hub Hub { get; private set; } = null!;

    public static async Task<RawEngine> StartAsync(Action<WorkflowEngineOptions>? configure = null)
    {
        var engine = new RawEngine(configure);
        await engine.BeginAsync();
        return engine;
    }

    public RawWorker Connect() => new(Hub);

    /// <summary>Starts an instance without waiting for its first turn.</summary>
    public async Task<string> StartInstanceAsync(string id = "one")
    {
        await Hub.StartInstanceAsync(new CreateInstanceRequest
        {
            InstanceId = id, Name = "Workflow", ScheduledStartTimestamp = new Google.Protobuf.WellKnownTypes.Timestamp(),
        });
        return id;
    }

    public async Task<WorkflowState> StateAsync(string id = "one") =>
        (await Hub.GetInstanceAsync(new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true })).WorkflowState;

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id = "one") =>
        (await Hub.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id })).Events;

    public async Task RaiseAsync(string name, string id = "one") =>
        await Hub.RaiseEventAsync(new RaiseEventRequest { InstanceId = id, Name = name, Input = "1" });

    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _directory.Dispose();
    }

    private async Task BeginAsync()
    {
        _host = await EngineHost.StartAsync(_directory.Path, _configure);
        _channel = GrpcChannel.ForAddress(_host.Endpoint);
        Hub = new Hub(_channel);
    }

    private async Task EndAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }
}
