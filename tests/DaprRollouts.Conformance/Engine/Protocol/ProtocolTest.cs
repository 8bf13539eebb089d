namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>A test of one engine, in real time, without a worker that has code.</summary>
public abstract class ProtocolTest : IAsyncLifetime
{
    internal RawEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await RawEngine.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
