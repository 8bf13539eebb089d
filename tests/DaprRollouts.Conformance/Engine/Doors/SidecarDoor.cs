namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>A real sidecar, where there is one.</summary>
internal sealed class SidecarDoor : ConnectedDoor
{
    public static string? Endpoint => Environment.GetEnvironmentVariable("DAPR_GRPC_ENDPOINT");

    protected override Task<Uri> EndpointAsync() => Task.FromResult(new Uri(Endpoint!));
}
