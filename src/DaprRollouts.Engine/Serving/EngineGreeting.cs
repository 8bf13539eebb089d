using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>What the engine tells of itself when it is greeted.</summary>
internal static class EngineGreeting
{
    /// <summary>A Dapr sidecar tells nothing, and cannot deliver events from one workflow to another.</summary>
    public static Metadata Headers() => new() { { "workflow-engine-sends-events", "true" } };
}
