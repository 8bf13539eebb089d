using DaprRollouts.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine.Running;

/// <summary>Runs the engine on a thread of its own: the one that writes. It has the database to itself until it is disposed.</summary>
internal sealed class EngineThread : IDisposable
{
    private readonly Thread _thread;

    public EngineThread(WorkflowEngineOptions options, TimeProvider time, ILogger<EngineThread> logger)
    {
        var store = new EngineStore(EngineDatabase.Open(options));
        Engine = new EmbeddedEngine(store, new EngineSetting(options, time, logger));
        EngineGauges.Watch(Engine);
        _thread = new Thread(Engine.Run) { Name = "workflow-engine", IsBackground = true };
        _thread.Start();
    }

    public EmbeddedEngine Engine { get; }

    /// <summary>Whether the engine can do anything.</summary>
    public bool IsRunning => _thread.IsAlive;

    public void Dispose()
    {
        Engine.Stop();
        _thread.Join();
        Engine.Dispose();
    }
}
