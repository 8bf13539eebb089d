using System.Diagnostics;
using DaprRollouts.Benchmarks;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>Engine and worker in a process of its own that can be killed and started again, always on the same port and data.</summary>
internal sealed class ChildProcess(string directory, bool overGrpc) : IDisposable
{
    private readonly int _port = LoopbackPort.Free();
    private Process? _process;

    public string Address => $"http://127.0.0.1:{_port}";

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(EngineProcess).Assembly.Location, "serve", directory, $"{_port}", .. overGrpc ? ["--grpc"] : Array.Empty<string>()])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Kills the process; it gets no chance to put anything in order.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Returns when the process is gone, and nothing more comes into its directory.</summary>
    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
    }
}
