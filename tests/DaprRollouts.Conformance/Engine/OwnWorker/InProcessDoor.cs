using DaprRollouts.Conformance.Engine.Doors;
using Dapr.Workflow;
using DaprRollouts.Engine.InProcess;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.DependencyInjection;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>The engine on one thread and in virtual time, without a connection.</summary>
internal sealed class InProcessDoor : EngineDoor
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override bool IsRealTime => false;

    public override Task RunAsync(Func<EngineWorld, Task> scenario)
    {
        var time = new VirtualTime(Start);
        InProcessEngine engine = null!;
        using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddWorkflowDispatcher(Register)
            .AddWorkflowClient(_ => engine.Client)
            .BuildServiceProvider();
        var code = services.GetRequiredService<WorkflowDispatcher>();
        using (engine = new InProcessEngine(new InProcessWorker((turn, token) => code.Run(turn, token), code.RunAsync), time))
        {
            engine.Run(async () =>
            {
                await scenario(new EngineWorld(services.GetRequiredService<DaprWorkflowClient>(), new Hub(engine.Client), time));
                return true;
            });
        }

        return Task.CompletedTask;
    }
}
