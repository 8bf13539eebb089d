namespace DaprRollouts.Protocol;

/// <summary>How a worker or a client finds an engine that runs in its own process: a CallInvoker in the container, under this key. It needs no connection then.</summary>
public static class EngineInThisProcess
{
    public const string Key = "workflow-engine";
}
