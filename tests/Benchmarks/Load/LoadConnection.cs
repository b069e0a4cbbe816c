using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DaprMesh.Benchmarks.Load;

/// <summary>One keep-alive connection with at most one request under way.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _length;

    private LoadConnection(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>When the request under way was sent.</summary>
    public long SentAt { get; private set; }

    public static LoadConnection Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return new LoadConnection(socket);
    }

    public void Send(LoadRequest request, long now)
    {
        SentAt = now;
        request.Stamp(now);
        for (var rest = request.Bytes.AsSpan(); rest.Length > 0;)
        {
            rest = rest[Socket.Send(rest)..];
        }
    }

    /// <summary>Reads what is there; true when the answer is complete.</summary>
    /// <exception cref="IOException">The answer is not one of success.</exception>
    public bool Receive()
    {
        var read = Socket.Receive(_buffer.AsSpan(_length));
        if (read == 0)
        {
            throw new IOException("the connection was closed");
        }

        _length += read;
        var answer = _buffer.AsSpan(0, _length);
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        if (answer[9] != '2')
        {
            throw new IOException(Encoding.UTF8.GetString(answer));
        }

        if (!IsComplete(answer[..(head + 2)], answer[(head + 4)..]))
        {
            return false;
        }

        _length = 0;
        return true;
    }

    public void Dispose() => Socket.Dispose();

    private static bool IsComplete(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            var value = head[(at + 16)..];
            return body.Length >= int.Parse(value[..value.IndexOf((byte)'\r')], System.Globalization.CultureInfo.InvariantCulture);
        }

        return head.IndexOf("Transfer-Encoding: chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
    }
}
