using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Reads a whole request body without a copy through a growing stream.</summary>
internal static class BodyReader
{
    /// <exception cref="BodyTooLargeException">The body is over the sidecar's limit.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is 0)
        {
            return [];
        }

        var limit = ApiRequest.Of(request.HttpContext)?.MaxBodySize ?? long.MaxValue;
        if (request.ContentLength > limit)
        {
            throw new BodyTooLargeException();
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await ReadAsync(reader, ct);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw new BodyTooLargeException();
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What a caller sends amiss after the headers is the caller's fault, whatever the server calls it.</summary>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(ct);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }
}
