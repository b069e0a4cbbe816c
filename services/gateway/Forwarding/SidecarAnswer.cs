using System.Buffers;
using System.Net;
using System.Text;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>An answer, and what of its body had to be read to know whose it is.</summary>
/// <param name="Error">What the sidecar says itself, because the app gave no answer; null: the answer is the app's.</param>
internal readonly record struct SidecarAnswer(byte[] Peeked, string? Error)
{
    /// <summary>More than any error message of a sidecar.</summary>
    private const int ErrorSize = 16 * 1024;

    private static ReadOnlySpan<byte> Mark => "{\"errorCode\":\"ERR_DIRECT_INVOKE\""u8;

    /// <summary>Reads no more than it takes to tell the two apart: the app's own answer goes on streaming.</summary>
    public static async ValueTask<SidecarAnswer> OfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.StatusCode is not (HttpStatusCode.InternalServerError or HttpStatusCode.Forbidden)
            || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return new([], null);
        }

        var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent(ErrorSize);
        try
        {
            var length = await FillAsync(stream, buffer, 0, Mark.Length, ct);
            if (!buffer.AsSpan(0, length).StartsWith(Mark))
            {
                return new(buffer[..length], null);
            }

            length = await FillAsync(stream, buffer, length, ErrorSize, ct);
            return new([], Encoding.UTF8.GetString(buffer, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> FillAsync(Stream stream, byte[] buffer, int from, int to, CancellationToken ct)
    {
        for (int read; from < to && (read = await stream.ReadAsync(buffer.AsMemory(from, to - from), ct)) > 0;)
        {
            from += read;
        }

        return from;
    }
}
