using System.Net;
using System.Net.Sockets;

namespace DaprRollouts.Conformance;

/// <summary>Ports of this machine, for programs that have to be told theirs.</summary>
internal static class LoopbackPort
{
    // Below the range from which the system chooses by itself: nobody else gets the port before the program listens there, or while it starts again.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port that nobody listens on, and that was not given to anybody in this process lately.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
