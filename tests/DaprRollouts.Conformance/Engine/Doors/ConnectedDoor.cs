using Dapr.Workflow;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>An engine that a worker connects to, whoever runs it. The worker stays for all scenarios.</summary>
internal abstract class ConnectedDoor : EngineDoor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim _gate = new(1);
    private IHost? _worker;
    private GrpcChannel? _channel;

    public override bool IsRealTime => true;

    public override async Task RunAsync(Func<EngineWorld, Task> scenario)
    {
        await ConnectAsync();
        var world = new EngineWorld(
            _worker!.Services.GetRequiredService<DaprWorkflowClient>(), new Hub(_channel), TimeProvider.System);
        await scenario(world).WaitAsync(Patience);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync();
            _worker.Dispose();
        }

        _channel?.Dispose();
        _gate.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Where the engine listens.</summary>
    protected abstract Task<Uri> EndpointAsync();

    private async Task ConnectAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_worker is null)
            {
                var endpoint = await EndpointAsync();
                _channel = GrpcChannel.ForAddress(endpoint);
                _worker = WorkerHosts.Build(endpoint, Register);
                await _worker.StartAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
