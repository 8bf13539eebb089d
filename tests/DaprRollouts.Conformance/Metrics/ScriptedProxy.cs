using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>
/// A proxy on this machine that remembers what it was asked. Requests in plain text it answers itself, with the line it was asked; tunnels it opens to one server,
/// whatever the name.
/// </summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _accepting;

    public ScriptedProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The first lines of requests that were let through.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>User name and password that requests must come with; null for anybody.</summary>
    public string? Account { get; set; }

    /// <summary>The port on this machine that tunnels lead to.</summary>
    public int TunnelTo { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting; // before the listener goes, which it may be about to ask for the next connection
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadHeadAsync(stream) is { } head)
                {
                    var line = head[0];
                    if (Account is not null && !head.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(Account))}"))
                    {
                        await SayAsync(stream, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n");
                        continue;
                    }

                    _requests.Enqueue(line);
                    if (line.StartsWith("CONNECT ", StringComparison.Ordinal))
                    {
                        await SayAsync(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
                        await TunnelAsync(stream);
                        return;
                    }

                    await SayAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {line.Length}\r\n\r\n{line}");
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other side has hung up.
            }
        }
    }

    private async Task TunnelAsync(NetworkStream stream)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, TunnelTo, _stopping.Token);
        var there = server.GetStream();
        await Task.WhenAny(stream.CopyToAsync(there, _stopping.Token), there.CopyToAsync(stream, _stopping.Token));
    }

    // Requests of these tests have no body.
    private async Task<IReadOnlyList<string>?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stopping.Token) > 0)
        {
            head.Append((char)one[0]);
            if (head.Length > 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return null;
    }

    private async Task SayAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stopping.Token);
}
