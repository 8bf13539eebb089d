using DaprRollouts.Conformance.Engine.Doors;
using Dapr.Workflow;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>Our engine and its worker in one app, without a connection between them, with the database on the disk.</summary>
internal sealed class SameProcessDoor : EngineDoor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TestDirectory _directory = new();
    private readonly Lazy<Task<EngineHost>> _app;

    public SameProcessDoor() => _app = new Lazy<Task<EngineHost>>(() =>
        EngineHost.StartAsync(_directory.Path, services: services => services.AddDaprWorkflow(Register)));

    public override bool IsRealTime => true;

    public override async Task RunAsync(Func<EngineWorld, Task> scenario)
    {
        var services = (await _app.Value).Services;
        var engine = services.GetRequiredKeyedService<CallInvoker>(EngineInThisProcess.Key);
        var world = new EngineWorld(services.GetRequiredService<DaprWorkflowClient>(), new Hub(engine), TimeProvider.System);
        await scenario(world).WaitAsync(Patience);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_app.IsValueCreated)
        {
            await (await _app.Value).DisposeAsync();
        }

        _directory.Dispose();
        await base.DisposeAsync();
    }
}
