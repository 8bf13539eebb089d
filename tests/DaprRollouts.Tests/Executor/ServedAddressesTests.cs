using System.Net;
using System.Net.Sockets;
using DaprRollouts.Executor;
using Microsoft.AspNetCore.Builder;

namespace DaprRollouts.Tests.Executor;

/// <summary>Where an executor listens.</summary>
public sealed class ServedAddressesTests
{
    [Fact]
    public async Task Nobody_takes_the_port_of_the_engine_before_it_listens()
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServedAddresses.Add(builder, "http://127.0.0.1:0");
        ServedAddresses.AddEngine(builder);
        var engine = new Uri(builder.Configuration["DAPR_GRPC_ENDPOINT"]!);
        using var other = new TcpListener(IPAddress.Loopback, engine.Port);

        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(other.Start).SocketErrorCode);

        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(app.Urls, url => new Uri(url) == engine);
    }
}
