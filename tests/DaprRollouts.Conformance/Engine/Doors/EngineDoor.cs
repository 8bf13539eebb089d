using Dapr.Workflow;

namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>A way to reach an engine with a worker.</summary>
internal abstract class EngineDoor : IAsyncDisposable
{
    /// <summary>Whether time there passes as it does on the wall.</summary>
    public abstract bool IsRealTime { get; }

    public abstract Task RunAsync(Func<EngineWorld, Task> scenario);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected static void Register(WorkflowRuntimeOptions options)
    {
        ActivityConformance.Register(options);
        ChildConformance.Register(options);
        EventConformance.Register(options);
        LifecycleConformance.Register(options);
        RenewalConformance.Register(options);
        ReplayConformance.Register(options);
        SuspensionConformance.Register(options);
        TimerConformance.Register(options);
    }
}
