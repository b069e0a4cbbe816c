using System.Net.Sockets;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Transport failures in the words of Go's net/http, which daprd hands through.</summary>
internal static class GoErrors
{
    /// <summary>Such as <c>Get "http://127.0.0.1:5000/a": EOF</c>.</summary>
    public static string Describe(HttpMethod method, Uri address, Exception error)
    {
        var verb = method.Method.Length < 2 ? method.Method : char.ToUpperInvariant(method.Method[0]) + method.Method[1..].ToLowerInvariant();
        return $"{verb} \"{address.OriginalString}\": {Reason(address, error)}";
    }

    public static string Reason(Uri address, Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case Hosting.BodyTooLargeException:
                    return e.Message;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {address.Host}:{address.Port}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return "read: connection reset by peer";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return $"dial tcp: lookup {address.Host}: no such host";
                case EndOfStreamException:
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }:
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "EOF";
            }
        }

        return error.Message;
    }

    public static bool IsConnectionRefused(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable })
            {
                return true;
            }
        }

        return false;
    }
}
