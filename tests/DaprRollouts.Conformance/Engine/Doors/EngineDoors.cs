namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>
/// The doors that the suites go through. With DAPR_GRPC_ENDPOINT set, a real sidecar is one of them:
/// <c>DAPR_GRPC_ENDPOINT=http://localhost:50001 dotnet run --project tests/DaprRollouts.Conformance -- -class '*Engine*'</c>.
/// </summary>
public sealed class EngineDoors : IAsyncDisposable
{
    private const string Sidecar = "sidecar";

    private readonly Dictionary<string, EngineDoor> _doors = [];

    /// <summary>The doors that can be tried here.</summary>
    public static TheoryData<string> Names =>
        SidecarDoor.Endpoint is null ? [.. DoorCatalog.Doors.Keys] : [.. DoorCatalog.Doors.Keys, Sidecar];

    internal EngineDoor this[string name]
    {
        get
        {
            if (!_doors.TryGetValue(name, out var door))
            {
                _doors[name] = door = name == Sidecar ? new SidecarDoor() : DoorCatalog.Doors[name]();
            }

            return door;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var door in _doors.Values)
        {
            await door.DisposeAsync();
        }
    }
}
