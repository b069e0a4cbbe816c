using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Hands an answer on as it streams, with the content type that Go's server would add when there is none.</summary>
internal static class ResponseRelay
{
    private const int PieceSize = 4096;

    public static async Task CopyAsync(HttpResponseMessage response, HttpContext http, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        http.Response.StatusCode = status;
        ProxyHeaders.CopyResponse(response, http);
        var hasType = http.Response.Headers.ContainsKey("Content-Type");
        if (!hasType && status >= 400)
        {
            http.Response.ContentType = "application/json";
            hasType = true;
        }

        if (IsEventStream(http.Response.ContentType) && !http.Response.Headers.ContainsKey("Cache-Control"))
        {
            http.Response.Headers.CacheControl = "no-cache";
        }

        if (http.Request.Method == "HEAD" || status is 204 or 304)
        {
            return;
        }

        var stream = await response.Content.ReadAsStreamAsync(ct);
        await CopyAsync(stream, response.Content.Headers.ContentLength, http.Response, hasType, ct);
    }

    private static bool IsEventStream(string? contentType) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <param name="length">Null: it is not known where the body ends.</param>
    private static async Task CopyAsync(Stream stream, long? length, HttpResponse response, bool hasType, CancellationToken ct)
    {
        var left = length ?? long.MaxValue;
        var writer = response.BodyWriter;
        while (true)
        {
            var memory = writer.GetMemory((int)Math.Clamp(left, 1, PieceSize));
            int read;
            try
            {
                read = await stream.ReadAsync(memory, ct);
            }
            catch (HttpIOException e) when (length is not null && e.HttpRequestError == HttpRequestError.ResponseEnded)
            {
                break; // shorter than its Content-Length said: as in daprd what came is the answer
            }

            if (read == 0)
            {
                break;
            }

            if (!hasType)
            {
                response.ContentType = Sniff(memory.Span[..read]);
                hasType = true;
            }

            writer.Advance(read);
            left -= read;
            if (left == 0)
            {
                break; // all that there is: the end of the answer sends it
            }

            // Each piece goes on at once: server-sent events must not wait for more.
            await writer.FlushAsync(ct);
        }
    }

    /// <summary>The part of Go's DetectContentType that matters between services.</summary>
    private static string Sniff(ReadOnlySpan<byte> start)
    {
        var sample = start[..Math.Min(start.Length, 512)];
        var text = sample.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("<!DOCTYPE HTML"u8) || text.StartsWith("<html"u8) || text.StartsWith("<HTML"u8) || text.StartsWith("<!doctype html"u8))
        {
            return "text/html; charset=utf-8";
        }

        foreach (var b in sample)
        {
            if (b is <= 8 or 11 or (>= 14 and <= 26) or (>= 28 and <= 31))
            {
                return "application/octet-stream";
            }
        }

        return text.StartsWith("<?xml"u8) ? "text/xml; charset=utf-8" : "text/plain; charset=utf-8";
    }
}
