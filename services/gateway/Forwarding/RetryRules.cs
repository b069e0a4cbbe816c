using System.Net.Sockets;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>When a call may be made again.</summary>
internal static class RetryRules
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <param name="nothingSent">It is certain that no app has seen the request.</param>
    public static bool MayRepeat(string method, IncomingBody? body, bool nothingSent) =>
        nothingSent ? body is null or { IsUntouched: true } : body is null && IsIdempotent(method);

    /// <summary>The first repetition goes at once, to another instance if there is one; the others after 50 ms, 100 ms, 200 ms.</summary>
    public static TimeSpan Pause(int repetition) => repetition <= 1 ? TimeSpan.Zero : FirstPause * (1 << (repetition - 2));

    /// <summary>No connection came about.</summary>
    public static bool NothingSent(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        || error.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    /// <summary>The same of what a sidecar says.</summary>
    public static bool NothingSent(string sidecarError) =>
        sidecarError.Contains("connection refused", StringComparison.Ordinal) || sidecarError.Contains("no host found", StringComparison.Ordinal)
        || sidecarError.Contains("couldn't find service", StringComparison.Ordinal) || sidecarError.Contains("app is not in a healthy state", StringComparison.Ordinal);

    // RFC 9110, 9.2.2.
    private static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" or "TRACE";
}
