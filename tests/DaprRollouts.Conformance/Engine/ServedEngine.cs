using System.Net;
using DaprRollouts.Engine;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine;

/// <summary>An engine on a port of its own, with its data in a directory that outlives it.</summary>
internal sealed class ServedEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ServedEngine(WebApplication app)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(app.Urls.First(), new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Client = new Client(_channel);
    }

    public Client Client { get; }

    public string Address => _app.Urls.First();

    public static async Task<ServedEngine> StartAsync(string directory, TimeProvider? time = null, Action<WorkflowEngineOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddWorkflowEngine(options =>
        {
            options.DataDirectory = directory;
            options.SurvivesPowerLoss = false;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        try
        {
            app.MapWorkflowEngine();
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new ServedEngine(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public ManualWorker Connect() => new(Client);

    public async Task<HealthStatus> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(c => c.Tags.Contains("ready"), TestContext.Current.CancellationToken)).Status;

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
