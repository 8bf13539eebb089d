using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Engine;
using DaprRollouts.Protocol;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>An engine for one test, reached through the protocol alone. It can be ended and begun again.</summary>
internal sealed class RawEngine : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly Action<WorkflowEngineOptions>? _configure;
    private readonly TimeProvider? _time;
    private EngineHost _host = null!;
    private GrpcChannel _channel = null!;

    private RawEngine(Action<WorkflowEngineOptions>? configure, TimeProvider? time) => (_configure, _time) = (configure, time);

    public Hub Client { get; private set; } = null!;

    public IServiceProvider Services => _host.Services;

    public TestDirectory Directory => _directory;

    public static async Task<RawEngine> StartAsync(Action<WorkflowEngineOptions>? configure = null, TimeProvider? time = null)
    {
        var engine = new RawEngine(configure, time);
        await engine.BeginAsync();
        return engine;
    }

    public RawWorker Connect() => new(Client);

    /// <summary>Starts an instance without waiting for its first turn.</summary>
    public async Task<string> StartInstanceAsync(string id = "one", string? input = null, DateTime? at = null)
    {
        await Client.StartInstanceAsync(Answers.Start(id, at, input));
        return id;
    }

    public async Task<WorkflowState> StateAsync(string id = "one") => (await Client.GetInstanceAsync(Answers.Get(id))).WorkflowState;

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id = "one") =>
        (await Client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id })).Events;

    public async Task RaiseAsync(string name, string id = "one", string? input = "1") =>
        await Client.RaiseEventAsync(new RaiseEventRequest { InstanceId = id, Name = name, Input = input });

    public async Task TerminateAsync(string id = "one") => await Client.TerminateInstanceAsync(new TerminateRequest { InstanceId = id });

    public async Task<HealthStatus> HealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(c => c.Tags.Contains("ready"))).Status;

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
        _host = await EngineHost.StartAsync(_directory.Path, Configure, _time);
        _channel = GrpcChannel.ForAddress(_host.Endpoint, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Client = new Hub(_channel);
    }

    private void Configure(WorkflowEngineOptions options)
    {
        options.SurvivesPowerLoss = false;
        _configure?.Invoke(options);
    }

    private async Task EndAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }
}
