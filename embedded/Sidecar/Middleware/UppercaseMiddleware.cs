using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>middleware.http.uppercase: bodies in upper case, for trying pipelines out.</summary>
internal sealed class UppercaseMiddleware(Component component) : IHttpMiddleware
{
    private readonly string _direction = (component.Find("direction") ?? "").ToUpperInvariant();

    public ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct)
    {
        if (_direction is not "RESPONSE")
            exchange.RequestBytes = Upper;
        if (_direction is "RESPONSE" or "BOTH")
            exchange.ResponseBytes = Upper;

        return ValueTask.CompletedTask;
    }

    private static byte Upper(byte value) => value is >= (byte)'a' and <= (byte)'z' ? (byte)(value - 32) : value;
}
