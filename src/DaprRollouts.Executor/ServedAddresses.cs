using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DaprRollouts.Executor;

/// <summary>Where the executor listens: its own HTTP, and the embedded engine beside it.</summary>
internal static class ServedAddresses
{
    /// <summary>Serves HTTP at addresses separated by semicolons.</summary>
    public static void Add(WebApplicationBuilder builder, string urls)
    {
        // Addresses from the surroundings, such as those that container images set, would only be announced as overridden.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        var number = 0;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0"), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            {
                throw new StartException($"--urls: '{url}' is not an address: give something like http://127.0.0.1:8090 (TLS is for a proxy or an ingress in front)");
            }

            Set(builder, $"Http{number++}", url, "Http1");
        }
    }

    /// <summary>
    /// Serves the engine: HTTP/2 without TLS, which needs a port of its own, for this machine only. The worker finds it as it would find a sidecar.
    /// </summary>
    public static void AddEngine(WebApplicationBuilder builder)
    {
        // Held from now on: a port that was only found free may be somebody else's by the time the engine listens.
        var held = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(IPAddress.Loopback, 0));
        held.Listen();
        var url = $"http://{held.LocalEndPoint}";
        Set(builder, "Engine", url, "Http2");
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket =
            address => address.Equals(held.LocalEndPoint) ? held : SocketTransportOptions.CreateDefaultBoundListenSocket(address));
        builder.Configuration["DAPR_GRPC_ENDPOINT"] = url;
    }

    private static void Set(WebApplicationBuilder builder, string name, string url, string protocols)
    {
        builder.Configuration[$"Kestrel:Endpoints:{name}:Url"] = url;
        builder.Configuration[$"Kestrel:Endpoints:{name}:Protocols"] = protocols;
    }
}
