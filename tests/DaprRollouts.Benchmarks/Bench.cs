using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Benchmarks;

/// <summary>An engine on data of its own, a worker with the workloads, both in this process, and a client.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _directory;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private Bench(string directory, WebApplication app)
    {
        (_directory, _app) = (directory, app);
        _channel = GrpcChannel.ForAddress(app.Urls.First());
        Client = new Client(_channel);
    }

    public Client Client { get; }

    public static async Task<Bench> StartAsync(WorkerPlace place)
    {
        var directory = Directory.CreateTempSubdirectory("engine-bench-").FullName;
        return new Bench(directory, await EngineProcess.StartAsync(directory, 0, place));
    }

    /// <summary>Starts an instance, and waits for its first turn or not.</summary>
    public async Task StartInstanceAsync(string workflow, string id, int input, bool wait = false) => await Client.StartInstanceAsync(new CreateInstanceRequest
    {
        InstanceId = id, Name = workflow, Input = $"{input}", ScheduledStartTimestamp = wait ? null : Timestamp.FromDateTime(DateTime.UnixEpoch),
    });

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
