namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>A directory for one test, gone after it.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("engine-").FullName;

    public string Database => System.IO.Path.Combine(Path, "engine.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
