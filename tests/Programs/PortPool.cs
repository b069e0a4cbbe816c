using System.Net;
using System.Net.Sockets;

namespace DaprMesh.Programs;

/// <summary>
/// Hands out ports that nobody listens on, each once. They lie below the range that the system takes for outgoing
/// connections, so that none is taken between being chosen and being used.
/// </summary>
internal sealed class PortPool
{
    private const int First = 10_000;
    private const int Count = 22_000;

    private int _next = Random.Shared.Next(Count);

    public int Take()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
