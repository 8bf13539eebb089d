using System.Diagnostics;
using System.Net;
using System.Text;
using Dapr.Workflow;
using DaprRollouts.Conformance;
using DaprRollouts.Executor;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Scenarios;

/// <summary>An executor on the embedded engine, in this process or in one of its own that can be killed.</summary>
internal sealed class RunningExecutor : IAsyncDisposable
{
    private readonly string _kubeconfig;
    private readonly string _namespace;
    private readonly string _data = Directory.CreateTempSubdirectory("dapr-rollouts-data-").FullName;
    private readonly int _port = LoopbackPort.Free();
    private (string Name, string Value)[] _environment = [];
    private WebApplication? _app;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private RunningExecutor(TestCluster cluster, string? kubeconfig = null)
    {
        (_kubeconfig, _namespace) = (kubeconfig ?? cluster.Kubeconfig, cluster.Namespace);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
    }

    /// <summary>The executor's HTTP API.</summary>
    public HttpClient Http { get; }

    /// <summary>The directory of the engine's data.</summary>
    public string Data => _data;

    /// <summary>What an executor in a process of its own has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>A client of the executor's engine.</summary>
    public DaprWorkflowClient Workflows => _app!.Services.GetRequiredService<DaprWorkflowClient>();

    /// <summary>Starts one here.</summary>
    /// <param name="cluster">The cluster that it works for.</param>
    /// <param name="kubeconfig">How it gets there, if not directly.</param>
    public static async Task<RunningExecutor> InProcessAsync(TestCluster cluster, string? kubeconfig = null)
    {
        var executor = new RunningExecutor(cluster, kubeconfig);
        await executor.StartHereAsync();
        return executor;
    }

    /// <summary>Starts one in a process of its own.</summary>
    /// <param name="cluster">The cluster that it works for.</param>
    /// <param name="environment">Variables of its environment.</param>
    public static async Task<RunningExecutor> AsProcessAsync(TestCluster cluster, params (string Name, string Value)[] environment)
    {
        var executor = new RunningExecutor(cluster) { _environment = environment };
        await executor.StartProcessAsync();
        return executor;
    }

    /// <summary>Kills the process as <c>kill -9</c> does, and starts another on the same data.</summary>
    public async Task KillAndRestartAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        await StartProcessAsync();
    }

    /// <summary>Loses the engine's data, as with a lost volume, and starts again.</summary>
    public async Task LoseDataAndRestartAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        await StartHereAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_data, recursive: true);
    }

    private async Task StartHereAsync()
    {
        _app = ExecutorHost.Build(new ExecutorOptions
        {
            Kubeconfig = _kubeconfig, Namespace = _namespace, Data = _data, Urls = Http.BaseAddress!.ToString(), LogLevel = LogLevel.Warning,
        });
        await _app.StartAsync();
        await WaitUntilReadyAsync();
    }

    private async Task StartProcessAsync()
    {
        var program = typeof(ExecutorHost).Assembly.Location;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [program, "--kubeconfig", _kubeconfig, "--namespace", _namespace, "--data", _data, "--urls", Http.BaseAddress!.ToString(), "--log-level", "Debug"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in _environment)
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    private Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await Http.GetAsync("readyz")).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        },
        "the executor to be ready");
}
