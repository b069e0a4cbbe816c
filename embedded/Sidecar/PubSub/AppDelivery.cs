using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Posts events to the app.</summary>
internal sealed class AppDelivery(SidecarContext context, AppChannel app)
{
    /// <summary>The app's status and body; the body only where it can matter.</summary>
    /// <exception cref="HttpRequestException">The app cannot be reached.</exception>
    public async ValueTask<(HttpStatusCode Status, byte[] Body)> PostAsync(
        string path, ReadOnlyMemory<byte> body, string contentType, string pubsub, IReadOnlyDictionary<string, string> metadata,
        Activity? span, CancellationToken ct)
    {
        using var request = app.Request(HttpMethod.Post, Escape(path));
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        AddHeaders(request.Headers, pubsub, metadata);
        if (span is { Id: { } id })
        {
            request.Headers.TryAddWithoutValidation("traceparent", id);
        }

        var started = Stopwatch.GetTimestamp();
        using var response = await app.SendAsync(request, ct);
        var answer = response.Content.Headers.ContentLength is 0 ? [] : await response.Content.ReadAsByteArrayAsync(ct);
        context.Metrics.HttpClient(
            "POST", path, (int)response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds, body.Length, answer.Length);
        return (response.StatusCode, answer);
    }

    /// <summary>A route as it may stand in a request line: what is not allowed there is percent-encoded, escapes stay.</summary>
    public static string Escape(string route)
    {
        if (!route.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return route;
        }

        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(route))
        {
            if (b is >= (byte)'!' and <= (byte)'~')
            {
                escaped.Append((char)b);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return escaped.ToString();
    }

    private static void AddHeaders(HttpRequestHeaders headers, string pubsub, IReadOnlyDictionary<string, string> metadata)
    {
        headers.TryAddWithoutValidation("pubsubName", pubsub);
        foreach (var (name, value) in metadata)
        {
            if (!value.AsSpan().ContainsAnyInRange('\0', '\u001F') && !name.Equals("pubsubName", StringComparison.OrdinalIgnoreCase))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
