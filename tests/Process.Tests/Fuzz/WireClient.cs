using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>Sends bytes as they are and reads answers: no client library would send most of them.</summary>
internal sealed class WireClient(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private string? _previous;
    private TcpClient? _connection;
    private StreamReader? _reader;

    /// <summary>The status of the answer; null when the connection was closed without one.</summary>
    /// <exception cref="TimeoutException">Neither came.</exception>
    public async Task<int?> SendAsync(WireRequest request, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            if (_connection is null)
            {
                _connection = new TcpClient { NoDelay = true };
                await _connection.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                _reader = new StreamReader(_connection.GetStream(), Encoding.Latin1);
            }

            return await ExchangeAsync(_connection, _reader!, request, patience.Token); // set with the connection
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Dispose();
            return null;
        }
        catch (InvalidDataException) when (request.IsGarbage)
        {
            Dispose(); // the preface of HTTP/2 is answered in HTTP/2
            return null;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message}, after {_previous}, to {request.Line}", e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {Patience.TotalSeconds} s: {request.Line}");
        }
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _connection?.Dispose();
        _connection = null;
    }

    private async Task<int?> ExchangeAsync(TcpClient connection, StreamReader reader, WireRequest request, CancellationToken ct)
    {
        var writing = WriteAsync(connection.GetStream(), request, ct);
        if (request.IsGarbage)
        {
            await writing;
            connection.Client.Shutdown(SocketShutdown.Send);
        }

        var status = await ReadAnswerAsync(reader, request.Verb, ct);
        _previous = request.Line;
        var isWritten = await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct)) == writing && await writing;
        if (status.IsClosed || request.IsGarbage || !isWritten)
            Dispose(); // the rest of a refused body cannot be told from a next request

        return status.Code;
    }

    private static async Task<bool> WriteAsync(NetworkStream stream, WireRequest request, CancellationToken ct)
    {
        try
        {
            await stream.WriteAsync(request.Bytes, ct);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false; // answered and closed before everything was sent
        }
    }

    private static async Task<(int? Code, bool IsClosed)> ReadAnswerAsync(StreamReader reader, string verb, CancellationToken ct)
    {
        while (true)
        {
            if (await reader.ReadLineAsync(ct) is not { Length: > 12 } line)
                return (null, true);

            if (!line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                throw new InvalidDataException($"an answer begins with {line}");
            var code = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var (length, isChunked, isClosed) = (0, false, false);
            while (await reader.ReadLineAsync(ct) is { Length: > 0 } header)
            {
                var (name, value) = (header.Split(':')[0].ToUpperInvariant(), header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
                if (name == "CONTENT-LENGTH")
                    length = int.Parse(value, CultureInfo.InvariantCulture);
                isChunked |= name == "TRANSFER-ENCODING";
                isClosed |= name == "CONNECTION" && value == "close";
            }

            if (code is >= 100 and < 200)
                continue;
            if (verb != "HEAD" && code is not (204 or 304))
                await SkipAsync(reader, isChunked ? null : length, ct);
            return (code, isClosed);
        }
    }

    private static async Task SkipAsync(StreamReader reader, int? length, CancellationToken ct)
    {
        if (length is { } count)
        {
            await ReadAsync(reader, count, ct);
            return;
        }

        while (await reader.ReadLineAsync(ct) is { } size)
        {
            var chunk = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await ReadAsync(reader, chunk, ct);
            await reader.ReadLineAsync(ct);
            if (chunk == 0)
                return;
        }
    }

    private static async Task ReadAsync(StreamReader reader, int count, CancellationToken ct)
    {
        var buffer = new char[Math.Min(count, 8192)];
        while (count > 0)
        {
            var read = await reader.ReadAsync(buffer.AsMemory(0, Math.Min(count, buffer.Length)), ct);
            if (read == 0)
                throw new IOException("The answer was cut off.");
            count -= read;
        }
    }
}
