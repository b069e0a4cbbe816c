namespace DaprMesh.Gateway.Forwarding;

/// <summary>Hands an answer on, each piece as it comes.</summary>
internal static class ResponseRelay
{
    private const int PieceSize = 16 * 1024;

    /// <returns>How many bytes the body had.</returns>
    public static async Task<long> CopyAsync(HttpResponseMessage response, byte[] peeked, HttpContext http, CancellationToken ct)
    {
        Headers.CopyResponse(response, http.Response);
        if (http.Request.Method == "HEAD" || (int)response.StatusCode is 204 or 304)
        {
            return 0;
        }

        // Known when the app gave it, and when the answer is all there.
        var length = response.Content.Headers.ContentLength;
        http.Response.ContentLength = length;
        var stream = await response.Content.ReadAsStreamAsync(ct);
        var writer = http.Response.BodyWriter;
        long written = peeked.Length;
        if (peeked.Length > 0)
        {
            peeked.CopyTo(writer.GetSpan(peeked.Length));
            writer.Advance(peeked.Length);
        }

        while (written != length)
        {
            var read = await stream.ReadAsync(writer.GetMemory(PieceSize), ct);
            if (read == 0)
            {
                break;
            }

            writer.Advance(read);
            written += read;
            if (written != length)
            {
                // At once: an event must not wait for the next one. The last piece goes with the end of the answer.
                await writer.FlushAsync(ct);
            }
        }

        return written;
    }
}
