using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>middleware.http.ratelimit: so many requests a second for each address and path.</summary>
internal sealed class RateLimitMiddleware(Component component, TimeProvider clock) : IHttpMiddleware
{
    private const int BucketsBeforeCleaning = 10_000;

    private readonly ConcurrentDictionary<(string Address, string Path), TokenBucket> _buckets = new();
    private double _limit = 100;

    public Task InitAsync(CancellationToken ct)
    {
        if (component.Find("maxRequestsPerSecond") is { Length: > 0 } text
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _limit))
            throw new FormatException($"metadata property maxRequestsPerSecond is not a number: {text}");

        return _limit > 0 ? Task.CompletedTask : throw new FormatException("metadata property maxRequestsPerSecond must be a positive value");
    }

    public ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct)
    {
        if (_buckets.Count > BucketsBeforeCleaning)
            Clean();

        var bucket = _buckets.GetOrAdd((AddressOf(exchange), exchange.Path), static (_, self) => new TokenBucket(self._limit, self.Now()), this);
        var passes = bucket.TryTake(Now(), out var left);
        Describe(exchange, left);
        if (!passes)
            exchange.Refuse(429, "You have reached maximum request limit.");

        return ValueTask.CompletedTask;
    }

    private TimeSpan Now() => clock.GetElapsedTime(0);

    private void Describe(MiddlewareExchange exchange, int left)
    {
        exchange.AddResponseHeader("X-Rate-Limit-Limit", _limit.ToString("0.00", CultureInfo.InvariantCulture));
        exchange.AddResponseHeader("X-Rate-Limit-Duration", "1");
        if (exchange.Header("X-Forwarded-For") is { } forwarded && !string.IsNullOrWhiteSpace(forwarded))
            exchange.AddResponseHeader("X-Rate-Limit-Request-Forwarded-For", forwarded);

        exchange.AddResponseHeader("X-Rate-Limit-Request-Remote-Addr", exchange.RemoteAddress ?? "");
        exchange.AddResponseHeader("RateLimit-Limit", Math.Round(_limit, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture));
        exchange.AddResponseHeader("RateLimit-Reset", "1");
        exchange.AddResponseHeader("RateLimit-Remaining", left.ToString(CultureInfo.InvariantCulture));
    }

    private void Clean()
    {
        var now = Now();
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(now))
                _buckets.TryRemove(KeyValuePair.Create(key, bucket));
        }
    }

    /// <summary>Who asks: the other side of the connection, or toward the app whom the request was forwarded for.</summary>
    private static string AddressOf(MiddlewareExchange exchange)
    {
        if (exchange.RemoteAddress is { } remote)
            return remote[..remote.LastIndexOf(':')];

        var forwarded = exchange.Header("X-Forwarded-For")?.Split(',')[^1].Trim() ?? exchange.Header("X-Real-IP");
        return IPAddress.TryParse(forwarded, out var address) ? address.ToString() : "0.0.0.0";
    }
}
