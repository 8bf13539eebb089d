using System.Diagnostics;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>A real Prometheus that scrapes one target five times a second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("prometheus").FullName;
    private readonly ProcessStartInfo _start;
    private Process _process;

    private PrometheusServer(string binary, Uri target)
    {
        var port = LoopbackPort.Free();
        Address = new Uri($"http://127.0.0.1:{port}");
        File.WriteAllText(Path.Combine(_directory, "prometheus.yml"), $$"""
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs:
            - job_name: app
              static_configs: [{targets: ["{{target.Authority}}"]}]
            """);
        _start = new ProcessStartInfo(
            binary,
            [
                $"--config.file={Path.Combine(_directory, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(_directory, "data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(_start)!;
    }

    public Uri Address { get; }

    /// <summary>Where the program is; null if it is not installed.</summary>
    public static string? Binary => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "prometheus"))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a server and waits until it can be asked.</summary>
    public static async Task<PrometheusServer> StartAsync(string binary, Uri target, CancellationToken cancel)
    {
        var server = new PrometheusServer(binary, target);
        await server.WaitUntilReadyAsync(cancel);
        return server;
    }

    /// <summary>Starts the server again, on the same data.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        _process.Dispose();
        _process = Process.Start(_start)!;
        await WaitUntilReadyAsync(cancel);
    }

    /// <summary>Ends the server as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (!await IsReadyAsync(client, cancel))
        {
            Assert.False(_process.HasExited, "Prometheus has ended");
            await Task.Yield();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync("/-/ready", cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
