namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>The doors of the embedded engine that the official worker can go through.</summary>
internal static class DoorCatalog
{
    public static IReadOnlyDictionary<string, Func<EngineDoor>> Doors { get; } = new Dictionary<string, Func<EngineDoor>>
    {
        ["gRPC"] = () => new GrpcDoor(),
    };
}
