namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>Our engine over real connections, with its database on the disk.</summary>
internal sealed class GrpcDoor : ConnectedDoor
{
    private readonly TestDirectory _directory = new();
    private EngineHost? _engine;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _directory.Dispose();
    }

    protected override async Task<Uri> EndpointAsync() => (_engine = await EngineHost.StartAsync(_directory.Path)).Endpoint;
}
