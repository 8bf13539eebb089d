using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Benchmarks;

/// <summary>An engine on data of its own, and a client of it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _directory;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly bool _keep;

    private Bench(string directory, WebApplication app, bool keep)
    {
        (_directory, _app, _keep) = (directory, app, keep);
        _channel = GrpcChannel.ForAddress(app.Urls.First());
        Client = new Client(_channel);
    }

    public Client Client { get; }

    public static async Task<Bench> StartAsync(string? directory = null)
    {
        var data = directory ?? Directory.CreateTempSubdirectory("engine-bench-").FullName;
        return new Bench(data, await EngineProcess.StartAsync(data, 0), directory is not null);
    }

    /// <summary>A start that does not wait for the first turn.</summary>
    public async Task StartInstanceAsync(string id, string input = "1") => await Client.StartInstanceAsync(new CreateInstanceRequest
    {
        InstanceId = id, Name = "wf", Input = input, ScheduledStartTimestamp = Timestamp.FromDateTime(DateTime.UnixEpoch),
    });

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (!_keep)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
