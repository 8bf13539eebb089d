using DaprRollouts.Conformance.Engine.OwnWorker;

namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>The doors of the embedded engine that the project's own worker can go through.</summary>
internal static class DoorCatalog
{
    public static IReadOnlyDictionary<string, Func<EngineDoor>> Doors { get; } = new Dictionary<string, Func<EngineDoor>>
    {
        ["gRPC"] = () => new GrpcDoor(),
        ["same process"] = () => new SameProcessDoor(),
        ["virtual time"] = () => new InProcessDoor(),
    };
}
