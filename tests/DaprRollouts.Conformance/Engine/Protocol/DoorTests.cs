using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace DaprRollouts.Conformance.Engine.Protocol;

/// <summary>Who may talk to an engine.</summary>
public sealed class DoorTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_caller_must_know_the_token()
    {
        await using var engine = await RawEngine.StartAsync(options => options.ApiToken = "s3cret");
        foreach (var headers in (Metadata[])[[], new() { { "dapr-api-token", "guess" } }])
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await engine.Client.HelloAsync(new Empty(), headers));
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            using var stream = engine.Client.GetWorkItems(new GetWorkItemsRequest(), headers);
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext())).StatusCode);
        }

        await engine.Client.HelloAsync(new Empty(), new Metadata { { "dapr-api-token", "s3cret" } });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_from_another_machine_is_served_only_if_that_is_wished(bool wished)
    {
        // A machine that calls itself by its own address in a network looks like another one.
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(address is null, "this machine is in no network");
        await using var host = await EngineHost.StartAsync(_directory.Path, o => o.ServesOtherMachines = wished, address: IPAddress.Any);
        using var channel = GrpcChannel.ForAddress($"http://{address}:{host.Endpoint.Port}");
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);

        var call = async () => await client.HelloAsync(new Empty());

        if (wished)
        {
            await call();
        }
        else
        {
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }
}
